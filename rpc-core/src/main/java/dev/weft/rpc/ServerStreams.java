package dev.weft.rpc;

import dev.weft.rpc.spi.CallRecord;
import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.MessageKind;
import org.jspecify.annotations.Nullable;

/** The streams of a call that is served: items of the caller, and items to it. */
final class ServerStreams<I, O> {
    private final boolean reads;
    private final StreamInbox inbox;
    private final StreamOutbox<O> outbox;
    private final ItemReader<I> reader;

    /** @param credit for the items to the caller */
    ServerStreams(
            Method.Streams<?, ?, ?, I, O> streams,
            long callId,
            long deadlineNanos,
            StreamWire.Credit credit,
            StreamLink link,
            CallConfig config) {
        this.reads = streams.reads();
        this.inbox = new StreamInbox(MessageKind.REQUEST_CREDIT, callId, deadlineNanos, link, config);
        this.outbox =
                new StreamOutbox<>(MessageKind.REPLY_ITEM, callId, deadlineNanos, link, config, streams.writtenCodec());
        this.reader =
                new ItemReader<>(inbox, streams.readCodec(), config.maxMessageBytes(), StatusCode.INVALID_ARGUMENT);
        outbox.granted(credit);
    }

    /** Runs the handler, on its own thread. */
    @SuppressWarnings("unchecked") // these streams were made for the method
    <S, Q, R> R invoke(Method.Streams<S, Q, R, ?, ?> streams, S implementation, Q request) throws Exception {
        Method.Streams<S, Q, R, I, O> typed = (Method.Streams<S, Q, R, I, O>) streams;
        if (reads) {
            inbox.grant();
        }
        R result = typed.invoker().invoke(implementation, request, reader, outbox);
        RpcException broken = outbox.failure();
        if (broken != null) {
            throw broken;
        }
        return result;
    }

    /** What the caller sent for this call; what it did wrong, if it did. Never waits. */
    @Nullable
    RpcException take(InboundMessage message) {
        if (message.corrupt()) {
            return new RpcException(StatusCode.DATA_CORRUPTED, "a message of the stream did not match its checksum");
        }
        if (message.kind() == MessageKind.REPLY_CREDIT) {
            outbox.granted(StreamWire.credit(message));
            return null;
        }
        if (!reads) {
            return new RpcException(StatusCode.INVALID_ARGUMENT, "items for a method that reads none");
        }
        long count = StreamWire.count(message);
        return message.kind() == MessageKind.REQUEST_ITEM ? inbox.put(count, message) : inbox.end(count);
    }

    /** The handler is cancelled: it gets no more, and nobody wants what it writes. From any thread. */
    void cancel() {
        RpcException gone = new RpcException(StatusCode.CANCELLED, "the caller has gone, or its time is up");
        inbox.fail(gone);
        outbox.fail(gone);
    }

    /** The handler has returned. Returns how many items it wrote. */
    long seal() {
        return outbox.seal();
    }

    /** What has been moved so far. */
    CallRecord.Items items() {
        return new CallRecord.Items(inbox.takenItems(), inbox.takenBytes(), outbox.sentItems(), outbox.sentBytes());
    }

    long bytesRead() {
        return inbox.takenBytes();
    }

    long bytesWritten() {
        return outbox.sentBytes();
    }
}
