package dev.weft.rpc.thrift;

import dev.weft.rpc.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** What stands for Thrift methods among those of Weft: {@code thrift.Service/method}. */
final class MethodIds {
    private MethodIds() {}

    /** @param oneWay for the caller; a server finds out by itself */
    static Method<HostedMethod<?>, ThriftMessage, ThriftMessage> method(String service, String name, boolean oneWay) {
        return new Method<>(
                weftName(service),
                name,
                id(service, name),
                ThriftMessage.CODEC,
                ThriftMessage.CODEC,
                false,
                oneWay,
                List.of(DeclaredException.ERROR),
                HostedMethod::invoke);
    }

    static String weftName(String service) {
        return "thrift." + service;
    }

    static long id(String service, String method) {
        return first(weftName(service) + "/" + method);
    }

    /** First eight bytes, big-endian, of SHA-256. */
    static long first(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
