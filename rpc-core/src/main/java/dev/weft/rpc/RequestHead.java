package dev.weft.rpc;

import dev.weft.rpc.spi.InboundMessage;
import dev.weft.serde.SerdeReader;
import org.jspecify.annotations.Nullable;

/** Reads the head of a request; what follows is left to the call's own thread. */
final class RequestHead {
    private RequestHead() {}

    /**
     * The call that a request asks for.
     *
     * @throws dev.weft.serde.SerdeException if the head is cut short
     * @throws RpcException if the request cannot be served, and why
     */
    static ServerCall<?, ?, ?> read(
            InboundMessage message, Dispatcher dispatcher, ServedCalls served, long arrivedNanos) {
        SerdeReader in = SerdeReader.of(message.body());
        long methodId = in.getLong();
        int flags = in.getByte();
        BoundMethod<?, ?, ?> method = dispatcher.find(methodId);
        if (method == null) {
            throw new RpcException(
                    StatusCode.UNIMPLEMENTED, "no method with id " + Long.toHexString(methodId) + " is served here");
        }
        if ((flags & ~CallWire.REQUEST_FLAGS) != 0) {
            throw new RpcException(StatusCode.UNIMPLEMENTED, "request flags 0x" + Integer.toHexString(flags & 0xff));
        }
        boolean hasDeadline = (flags & CallWire.HAS_TIMEOUT) != 0;
        long timeoutNanos = hasDeadline ? Math.clamp(in.getLong(), 0, Long.MAX_VALUE / 4) : 0;
        TraceId traceId = (flags & CallWire.HAS_TRACE) != 0 ? new TraceId(in.getLong(), in.getLong()) : TraceId.NONE;
        String identity = (flags & CallWire.HAS_IDENTITY) != 0 ? in.getString() : "";
        if (identity.length() > Context.IDENTITY_LENGTH_MAX) {
            throw new RpcException(
                    StatusCode.INVALID_ARGUMENT,
                    "identity of " + identity.length() + " characters is longer than " + Context.IDENTITY_LENGTH_MAX);
        }
        ServerStreams<?, ?> streams =
                streams(method.method(), flags, in, message.id(), arrivedNanos, timeoutNanos, served.connection());
        return new ServerCall<>(
                method,
                message.id(),
                in,
                (flags & CallWire.ONE_WAY) != 0,
                (flags & CallWire.COMPRESSED) != 0,
                hasDeadline,
                arrivedNanos + timeoutNanos,
                identity,
                traceId,
                arrivedNanos,
                streams,
                served);
    }

    private static @Nullable ServerStreams<?, ?> streams(
            Method<?, ?, ?> method,
            int flags,
            SerdeReader in,
            long callId,
            long arrivedNanos,
            long timeoutNanos,
            CallConnection connection) {
        Method.Streams<?, ?, ?, ?, ?> streams = method.streams();
        int asked = flags & CallWire.STREAM_FLAGS;
        if (asked != (streams == null ? 0 : streams.flags())) {
            throw new RpcException(
                    StatusCode.INVALID_ARGUMENT,
                    method + " has other streams than the caller expects (flags 0x" + Integer.toHexString(asked) + ")");
        }
        if (streams == null) {
            return null;
        }
        StreamWire.Credit credit = StreamWire.credit(in);
        long deadlineNanos = (flags & CallWire.HAS_TIMEOUT) != 0
                ? arrivedNanos + timeoutNanos
                : arrivedNanos + connection.config().streams().timeout().toNanos();
        return new ServerStreams<>(streams, callId, deadlineNanos, credit, connection, connection.config());
    }
}
