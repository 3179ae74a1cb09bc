package dev.weft.rpc;

import dev.weft.rpc.spi.InboundMessage;
import dev.weft.serde.SerdeException;
import dev.weft.serde.SerdeReader;
import org.jspecify.annotations.Nullable;

/** Results, and failures, out of the bodies of replies. */
final class ReplyDecoder {
    private ReplyDecoder() {}

    static <R> R decode(
            Method<?, ?, R> method,
            InboundMessage reply,
            int maxMessageBytes,
            @Nullable MethodMetrics metrics,
            Peer peer) {
        if (reply.corrupt()) {
            throw new RpcException(
                    StatusCode.DATA_CORRUPTED,
                    method + " at " + peer.address() + ": the reply did not match its checksum");
        }
        try {
            SerdeReader in = SerdeReader.of(reply.body());
            int status = Byte.toUnsignedInt(in.getByte());
            int flags = in.getByte();
            in.getShort();
            int queueMicros = in.getInt();
            int handlerMicros = in.getInt();
            if ((flags & CallWire.ITEMS_BEFORE) != 0) {
                in.getLong();
            }
            if (status != CallWire.STATUS_OK) {
                throw failure(method, status, in, peer);
            }
            if (metrics != null) {
                metrics.split(queueMicros * 1000L, handlerMicros * 1000L);
            }
            if ((flags & CallWire.COMPRESSED) != 0) {
                in = SerdeReader.of(CallWire.decompress(in, maxMessageBytes));
            }
            return method.replyCodec().read(in);
        } catch (SerdeException e) {
            throw new RpcException(
                    StatusCode.INTERNAL, method + " at " + peer.address() + ": the reply cannot be decoded", e);
        }
    }

    private static RpcException failure(Method<?, ?, ?> method, int status, SerdeReader in, Peer peer) {
        StatusCode code = StatusCode.ofWireValue(status);
        String message = method + " at " + peer.address() + ": " + in.getString();
        if (code != StatusCode.APPLICATION) {
            return new RpcException(code, message);
        }
        long id = in.getLong();
        for (ApplicationError<?, ?> error : method.errors()) {
            if (error.id() == id) {
                return new RpcException(code, message, create(error, in));
            }
        }
        return new RpcException(code, message + " (an application error that this side does not know)");
    }

    private static <E extends Exception, D> E create(ApplicationError<E, D> error, SerdeReader in) {
        return error.create().apply(error.codec().read(in));
    }
}
