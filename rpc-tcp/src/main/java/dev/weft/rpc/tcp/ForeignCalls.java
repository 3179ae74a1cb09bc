package dev.weft.rpc.tcp;

import dev.weft.rpc.Clock;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.DeadlineWatch;
import dev.weft.rpc.spi.ForeignBody;
import dev.weft.rpc.spi.ForeignProtocol;
import dev.weft.rpc.spi.ForeignRequest;
import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.MessageKind;
import dev.weft.rpc.spi.OutboundMessage;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one connection of another protocol, turned into calls: one at a time, in the order in which they came.
 *
 * <p>Everything happens on the loop's thread, but for {@link #answer}, which runs on the thread of the call, and what is
 * marked.
 */
final class ForeignCalls {
    /** So many requests may wait before no more are read. */
    static final int WAITING_MAX = 64;

    /** Or so many bytes of them, and the longest frame. */
    private static final long WAITING_BYTES_MAX = 1 << 20;

    private final ForeignConnection connection;
    private final ForeignProtocol protocol;
    private final Clock clock;
    private final DeadlineWatch deadlines;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private long lastId;

    /** How many are waiting, for any thread. */
    private final AtomicInteger waitingCount = new AtomicInteger();

    /** The call in progress; set by the loop, cleared by whoever answers it. */
    private volatile @Nullable Current current;

    private record Waiting(ForeignRequest request, MemorySegment frame) {}

    /** A call that has begun; answered once. */
    private record Current(long id, ForeignRequest request, long deadlineNanos, AtomicBoolean answered) {}

    ForeignCalls(ForeignConnection connection, ForeignProtocol protocol, Clock clock) {
        this.connection = connection;
        this.protocol = protocol;
        this.clock = clock;
        this.deadlines = new DeadlineWatch(clock, this::expire);
    }

    /** A frame has come, behind {@link ForeignBody#ROOM} bytes. */
    void take(MemorySegment frame) {
        ForeignRequest request = protocol.request(frame.asSlice(ForeignBody.ROOM));
        waiting.add(new Waiting(request, frame));
        waitingBytes += frame.byteSize();
        waitingCount.incrementAndGet();
        next();
    }

    /** Begins with the oldest request that waits, if there is one and none is in progress. */
    void next() {
        if (current != null || !connection.isOpen()) {
            return;
        }
        Waiting first = waiting.poll();
        if (first == null) {
            return;
        }
        waitingBytes -= first.frame.byteSize();
        long timeoutNanos = protocol.timeout().toNanos();
        long deadlineNanos = clock.nanoTime() + timeoutNanos;
        Current begun = new Current(++lastId, first.request, deadlineNanos, new AtomicBoolean());
        current = begun;
        waitingCount.decrementAndGet();
        deadlines.add(deadlineNanos);
        MemorySegment body = ForeignBody.request(first.frame, first.request.methodId(), timeoutNanos);
        connection.handler().onMessages(new InboundMessage(MessageKind.REQUEST, begun.id, body, false));
    }

    /** Whether no more should be read for now. */
    boolean isFull() {
        return waiting.size() >= WAITING_MAX || waitingBytes >= WAITING_BYTES_MAX;
    }

    /** Whether nothing is in progress and nothing waits. From any thread. */
    boolean isIdle() {
        return current == null && waitingCount.get() == 0;
    }

    /** The peer sends no more: forgets what it would have to be told. Whether something is left to be done. */
    boolean keepOneWay() {
        waiting.removeIf(one -> !one.request.oneWay());
        waitingCount.set(waiting.size());
        Current running = current;
        return !waiting.isEmpty() || (running != null && running.request.oneWay());
    }

    /** A call has ended. From the thread of the call; waits for room in the queue, as {@link ForeignConnection#send}. */
    void answer(OutboundMessage reply, long deadlineNanos) {
        Current answered = current;
        if (answered == null || answered.id != reply.id() || !answered.answered.compareAndSet(false, true)) {
            reply.taken();
            return;
        }
        try {
            connection.queue(frame(answered.request, reply), reply::taken, deadlineNanos);
        } finally {
            ended();
        }
    }

    private List<MemorySegment> frame(ForeignRequest request, OutboundMessage reply) {
        ForeignBody.Outcome outcome = ForeignBody.outcome(reply, ForeignConnection.HEADROOM);
        StatusCode failure = outcome.failure();
        return failure == null
                ? protocol.reply(request, outcome.bytes())
                : protocol.failure(request, failure, outcome.reason());
    }

    private void ended() {
        current = null;
        connection.callEnded(waitingCount.get() > 0);
    }

    /** Has what is due answered; returns when the call in progress is due. On a thread of the clock. */
    private long expire(long now) {
        Current running = current;
        if (running == null) {
            return DeadlineWatch.never(now);
        }
        if (running.deadlineNanos - now > 0) {
            return running.deadlineNanos;
        }
        connection.continueOnLoop(() -> expire(running));
        return DeadlineWatch.never(now);
    }

    /** The handler has seen its deadline pass and is interrupted; its peer waits for an answer all the same. */
    private void expire(Current running) {
        if (!running.answered.compareAndSet(false, true)) {
            return;
        }
        connection.handler().onMessages(new InboundMessage(MessageKind.CANCEL, running.id, MemorySegment.NULL, false));
        try {
            String reason = "the call took longer than " + protocol.timeout().toMillis() + " ms";
            connection.queue(
                    protocol.failure(running.request, StatusCode.DEADLINE_EXCEEDED, reason), null, clock.nanoTime());
        } catch (RpcException e) {
            connection.close("the peer does not read its replies");
        } finally {
            ended();
        }
    }

    void close() {
        deadlines.close();
        waiting.clear();
        waitingCount.set(0);
    }
}
