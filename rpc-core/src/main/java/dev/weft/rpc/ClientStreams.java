package dev.weft.rpc;

import dev.weft.rpc.spi.CallRecord;
import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.MessageKind;
import dev.weft.rpc.spi.OutboundMessage;
import dev.weft.serde.SerdeException;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * A call with streams that waits for its reply: what comes goes to the caller's writer on the caller's thread; what the
 * caller's reader has is sent by a thread of its own, which ends before the call does.
 */
final class ClientStreams<I, O> extends PendingCall {
    private static final long serialVersionUID = 1L;

    private final transient Method.Streams<?, ?, ?, I, O> streams;
    private final transient StreamLink link;
    private final transient StreamInbox inbox;
    private final transient StreamOutbox<I> outbox;
    private final transient ItemReader<O> reader;

    /** Whether something was taken from the caller's reader, or given to its writer. */
    private volatile boolean begun;

    /** What the caller's writer threw. Used by the caller's thread only. */
    private transient @Nullable Throwable ofWriter;

    ClientStreams(
            long id,
            long deadlineNanos,
            Method.Streams<?, ?, ?, I, O> streams,
            StreamLink link,
            CallConfig config,
            @Nullable CallRecord record) {
        super(id, deadlineNanos, record);
        this.streams = streams;
        this.link = link;
        this.inbox = new StreamInbox(MessageKind.REPLY_CREDIT, id, deadlineNanos, link, config);
        this.outbox =
                new StreamOutbox<>(MessageKind.REQUEST_ITEM, id, deadlineNanos, link, config, streams.readCodec());
        this.reader = new ItemReader<>(inbox, streams.writtenCodec(), config.maxMessageBytes(), StatusCode.INTERNAL);
    }

    // --- from any thread, never waits

    /** Ends the call: with a failure at once, with a reply when the items before it have been read. */
    @Override
    boolean complete(Object outcome) {
        Object checked = outcome instanceof InboundMessage reply ? end(reply) : outcome;
        boolean first = super.complete(checked);
        if (first) {
            if (checked instanceof RpcException failure) {
                inbox.fail(failure);
            }
            outbox.fail(new RpcException(StatusCode.CANCELLED, "the call has ended"));
        }
        return first;
    }

    private Object end(InboundMessage reply) {
        if (reply.corrupt()) {
            return new RpcException(StatusCode.DATA_CORRUPTED, "the reply did not match its checksum");
        }
        try {
            RpcException wrong = inbox.end(StreamWire.itemsBefore(reply));
            return wrong != null ? wrong : reply;
        } catch (SerdeException e) {
            return undecodable(e);
        }
    }

    /** What the peer sent for this call before its reply. */
    void take(InboundMessage message) {
        RpcException wrong;
        try {
            wrong = check(message);
        } catch (SerdeException e) {
            wrong = undecodable(e);
        }
        if (wrong != null) {
            complete(wrong);
        }
    }

    private @Nullable RpcException check(InboundMessage message) {
        if (message.corrupt()) {
            return new RpcException(StatusCode.DATA_CORRUPTED, "a message of the stream did not match its checksum");
        }
        if (message.kind() == MessageKind.REQUEST_CREDIT) {
            outbox.granted(StreamWire.credit(message));
            return null;
        }
        if (!streams.writes()) {
            return new RpcException(StatusCode.INTERNAL, "items from a method that writes none");
        }
        return inbox.put(StreamWire.count(message), message);
    }

    private static RpcException undecodable(SerdeException e) {
        return new RpcException(StatusCode.INTERNAL, "a message of the stream cannot be decoded: " + e.getMessage(), e);
    }

    // --- by the caller's thread

    /** Moves items both ways until the call has ended; returns the reply. */
    InboundMessage run(StreamReader<I> in, StreamWriter<O> out, Context context, ThreadFactory threads) {
        Thread sender = null;
        if (streams.reads()) {
            sender = threads.newThread(() -> context.run(() -> sendAll(in)));
            sender.start();
        }
        try {
            while (reader.hasNext()) {
                begun = true;
                write(reader.next(), out);
            }
            return reply();
        } catch (RpcException e) {
            complete(e);
            throw e;
        } finally {
            if (sender != null) {
                end(sender);
            }
        }
    }

    private void write(O item, StreamWriter<O> out) {
        try {
            out.write(item);
        } catch (RuntimeException | Error e) {
            ofWriter = e;
            complete(new RpcException(StatusCode.CANCELLED, "the caller's writer threw " + e));
            throw e;
        }
    }

    private InboundMessage reply() {
        Object outcome = await();
        if (outcome instanceof RpcException failure) {
            throw failure;
        }
        return (InboundMessage) outcome;
    }

    private void sendAll(StreamReader<I> in) {
        try {
            outbox.awaitAccepted();
            begun = true;
            while (in.hasNext()) {
                outbox.write(in.next());
            }
            link.send(
                    new OutboundMessage(MessageKind.REQUEST_END, id, StreamWire.end(outbox.seal(), link.headroom())),
                    deadlineNanos);
        } catch (RpcException e) {
            complete(e);
        } catch (RuntimeException e) {
            complete(new RpcException(StatusCode.CANCELLED, "the caller's reader threw " + e, e));
        }
    }

    private static void end(Thread sender) {
        boolean interrupted = Thread.interrupted();
        sender.interrupt();
        while (sender.isAlive()) {
            try {
                sender.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it was the caller's writer that threw this. */
    boolean isOfWriter(RpcException thrown) {
        return thrown.equals(ofWriter);
    }

    /** Whether the caller can tell that the call was made: an item was asked for, or given. */
    boolean hasBegun() {
        return begun;
    }

    /** What has been moved so far. */
    CallRecord.Items items() {
        return new CallRecord.Items(outbox.sentItems(), outbox.sentBytes(), inbox.takenItems(), inbox.takenBytes());
    }

    long bytesReceived() {
        return inbox.takenBytes();
    }

    long bytesSent() {
        return outbox.sentBytes();
    }
}
