package dev.weft.rpc;

import dev.weft.rpc.spi.CallRecord;
import dev.weft.rpc.spi.InboundMessage;
import dev.weft.serde.SerdeWriter;
import org.jspecify.annotations.Nullable;

/** A caller's reader and writer, and the attempts to make a call with them. Used by the caller's thread only. */
final class StreamAttempt<I, O> {
    private final StreamReader<I> in;
    private final StreamWriter<O> out;
    private boolean begun;

    StreamAttempt(StreamReader<I> in, StreamWriter<O> out) {
        this.in = in;
        this.out = out;
    }

    /** Whether an attempt has read something or written something, so that there cannot be another. */
    boolean hasBegun() {
        return begun;
    }

    <Q, R> R run(
            Method<?, Q, R> method,
            CallConnection connection,
            Q request,
            Context context,
            long nowNanos,
            long deadlineNanos,
            @Nullable MethodMetrics metrics,
            @Nullable CallRecord record) {
        if (deadlineNanos - nowNanos <= 0) {
            throw connection.deadlineExceeded(method);
        }
        CallConfig config = connection.config();
        SerdeWriter body = RequestEncoder.encode(
                method, request, context, deadlineNanos - nowNanos, connection.headroom(), config);
        ClientStreams<I, O> call =
                new ClientStreams<>(connection.nextId(), deadlineNanos, streamsOf(method), connection, config, record);
        InboundMessage reply;
        try {
            reply = connection.exchange(call, body, in, out, context);
        } catch (RpcException e) {
            throw call.isOfWriter(e) ? e : connection.describe(e, method);
        } finally {
            begun |= call.hasBegun();
            if (record != null) {
                record.items = call.items();
            }
        }
        if (metrics != null) {
            metrics.bytes(reply.body().byteSize() + call.bytesReceived(), body.size() + call.bytesSent());
        }
        return ReplyDecoder.decode(method, reply, config.maxMessageBytes(), metrics, connection);
    }

    @SuppressWarnings("unchecked") // the stub was generated for the same method
    private Method.Streams<?, ?, ?, I, O> streamsOf(Method<?, ?, ?> method) {
        Method.Streams<?, ?, ?, ?, ?> streams = method.streams();
        if (streams == null) {
            throw new IllegalArgumentException(method + " has no streams");
        }
        return (Method.Streams<?, ?, ?, I, O>) streams;
    }
}
