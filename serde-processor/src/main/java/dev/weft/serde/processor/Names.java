package dev.weft.serde.processor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Objects;
import javax.lang.model.element.Element;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;

/** Names and numbers that follow from the names in the user's source. */
final class Names {
    private Names() {}

    static PackageElement packageOf(Element element) {
        return element instanceof PackageElement found
                ? found
                : packageOf(Objects.requireNonNull(element.getEnclosingElement()));
    }

    /** {@code Outer_Inner}: what the names of generated classes begin with. */
    static String flat(TypeElement type) {
        return String.join("_", path(type));
    }

    /** {@code Outer.Inner}: the name in source, without the package. */
    static String nested(TypeElement type) {
        return String.join(".", path(type));
    }

    static TypeElement outermost(TypeElement type) {
        TypeElement at = type;
        while (at.getEnclosingElement() instanceof TypeElement outer) {
            at = outer;
        }
        return at;
    }

    private static Deque<String> path(TypeElement type) {
        Deque<String> path = new ArrayDeque<>();
        Element at = type;
        while (at instanceof TypeElement) {
            path.addFirst(at.getSimpleName().toString());
            at = at.getEnclosingElement();
        }
        return path;
    }

    /** {@code removeChunks} as a constant: {@code REMOVE_CHUNKS}. */
    static String constant(String camelCase) {
        return camelCase.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
    }

    static String capitalized(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    static String uncapitalized(String name) {
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    /** FNV-1a of 32 bits over UTF-8: the default tag of a union's case. */
    static int fnv1a(String name) {
        int hash = 0x811c9dc5;
        for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 0xFF)) * 0x01000193;
        }
        return hash;
    }

    /** First eight bytes, big-endian, of SHA-256: the id of a method or an application error. */
    static long sha256Prefix(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }
}
