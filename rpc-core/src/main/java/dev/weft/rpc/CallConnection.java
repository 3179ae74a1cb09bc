package dev.weft.rpc;

import dev.weft.rpc.spi.CallRecord;
import dev.weft.rpc.spi.CallRecorder;
import dev.weft.rpc.spi.DeadlineWatch;
import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.MessageHandler;
import dev.weft.rpc.spi.MessageKind;
import dev.weft.rpc.spi.OutboundMessage;
import dev.weft.rpc.spi.Transfer;
import dev.weft.rpc.spi.TransportConnection;
import dev.weft.serde.SerdeWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Calls over one transport connection: matches replies to waiting callers, hands requests to the {@link ServedCalls}, and tells
 * each side when the other has gone.
 *
 * <p>A call's id is a slot number in its low bits and a sequence number above, so that a late reply never meets another
 * call that has the slot by then. The transport's thread only sorts what arrives: everything else runs on virtual threads,
 * started from a virtual thread wherever one read brought more than one message, which costs half as much.
 */
final class CallConnection implements MessageHandler, Peer, StreamLink {
    static final int SLOT_BITS = 17;
    static final int CALLS_IN_FLIGHT_MAX = 1 << SLOT_BITS;
    static final long SLOT_MASK = CALLS_IN_FLIGHT_MAX - 1;

    private final TransportConnection transport;
    private final Environment environment;
    private final CallConfig config;
    private final ServedCalls served;
    private final Recording recording;

    private final SlotAllocator slots;
    private final SlotTable<PendingCall> pending;
    private final AtomicInteger pendingCount = new AtomicInteger();
    private final AtomicInteger transferCount = new AtomicInteger();
    private final AtomicLong sequence = new AtomicLong();
    private final DeadlineWatch deadlines;
    private final StreamCount streams;

    /** The last call that the peer was told once more that nobody waits for. */
    private volatile long lastUnknownStream = -1;

    private volatile boolean goingAway;
    private volatile @Nullable String closedReason;

    CallConnection(
            TransportConnection transport,
            Environment environment,
            Dispatcher dispatcher,
            List<Interceptor> serverInterceptors,
            CallConfig config,
            CallRecorder recorder) {
        this.transport = transport;
        this.environment = environment;
        this.config = config;
        this.slots = new SlotAllocator(config.maxCallsInFlight());
        this.pending = new SlotTable<>(config.maxCallsInFlight());
        this.deadlines = new DeadlineWatch(environment.clock(), this::expire);
        this.streams = new StreamCount(config.streams().maxStreams(), transport.peer());
        this.recording = new Recording(recorder, environment.clock(), transport.peer());
        this.served = new ServedCalls(this, transport, dispatcher, serverInterceptors, deadlines);
    }

    // --- as a caller

    @Override
    public <Q, R> R call(Method<?, Q, R> method, Q request) {
        Context context = Context.current();
        long now = environment.clock().nanoTime();
        long deadline = context.earlierDeadline(now + Long.MAX_VALUE / 4);
        CallRecord record = recording.begin(method, now);
        try {
            R result = call(method, request, context, now, deadline, null, record);
            recording.succeeded(
                    record, record == null ? now : environment.clock().nanoTime());
            return result;
        } catch (RpcException e) {
            recording.failed(record, e.code());
            throw e;
        }
    }

    /** One attempt of a call. */
    <Q, R> R call(
            Method<?, Q, R> method,
            Q request,
            Context context,
            long nowNanos,
            long deadlineNanos,
            @Nullable MethodMetrics metrics,
            @Nullable CallRecord record) {
        if (deadlineNanos - nowNanos <= 0) {
            throw deadlineExceeded(method);
        }
        SerdeWriter body =
                RequestEncoder.encode(method, request, context, deadlineNanos - nowNanos, transport.headroom(), config);
        if (method.oneWay()) {
            long id = sequence.incrementAndGet() << SLOT_BITS;
            transport.send(new OutboundMessage(MessageKind.REQUEST, id, body), pendingCount.get() > 1, deadlineNanos);
            recording.sent(record, context, id, body.size() - transport.headroom());
            return RequestEncoder.nothing();
        }
        PendingCall call = register(new PendingCall(nextId(), deadlineNanos, record));
        try {
            OutboundMessage message = new OutboundMessage(MessageKind.REQUEST, call.id, body);
            transport.send(message, pendingCount.get() > 1, deadlineNanos);
            recording.sent(record, context, call.id, body.size() - transport.headroom());
            Object outcome = call.await();
            if (outcome instanceof InboundMessage reply) {
                recording.answered(record, reply, call.answeredNanos);
                if (metrics != null) {
                    metrics.bytes(reply.body().byteSize(), body.size());
                }
                R result = ReplyDecoder.decode(method, reply, config.maxMessageBytes(), metrics, this);
                recording.decoded(record, reply);
                return result;
            }
            message.abandon();
            RpcException failure = (RpcException) outcome;
            if (failure.code() != StatusCode.CONNECTION_LOST) {
                sendCancel(call.id);
            }
            throw describe(failure, method);
        } finally {
            unregister(call);
        }
    }

    @Override
    public <Q, R, I, O> R call(Method<?, Q, R> method, Q request, StreamReader<I> in, StreamWriter<O> out) {
        Context context = Context.current();
        long now = environment.clock().nanoTime();
        long deadline = context.earlierDeadline(now + config.streams().timeout().toNanos());
        CallRecord record = recording.begin(method, now);
        try {
            R result = new StreamAttempt<>(in, out).run(method, this, request, context, now, deadline, null, record);
            recording.succeeded(record, environment.clock().nanoTime());
            return result;
        } catch (RpcException e) {
            recording.failed(record, e.code());
            throw e;
        }
    }

    /** Sends the request of a call with streams, and moves its items until the reply is there. */
    <I, O> InboundMessage exchange(
            ClientStreams<I, O> call, SerdeWriter request, StreamReader<I> in, StreamWriter<O> out, Context context) {
        RpcException tooMany = streams.begin();
        if (tooMany != null) {
            slots.release((int) (call.id & SLOT_MASK));
            throw tooMany;
        }
        try {
            register(call);
            try {
                OutboundMessage message = new OutboundMessage(MessageKind.REQUEST, call.id, request);
                transport.send(message, pendingCount.get() > 1, call.deadlineNanos);
                recording.sent(call.record, context, call.id, request.size() - transport.headroom());
                InboundMessage reply = call.run(in, out, context, environment.threads());
                recording.answered(call.record, reply, call.answeredNanos);
                return reply;
            } catch (RuntimeException | Error e) {
                if (!(e instanceof RpcException failure) || failure.code() != StatusCode.CONNECTION_LOST) {
                    sendCancel(call.id);
                }
                throw e;
            } finally {
                unregister(call);
            }
        } finally {
            streams.end();
        }
    }

    /** A message of a stream, on a call that is in progress. */
    @Override
    public void send(OutboundMessage message, long deadlineNanos) {
        try {
            transport.send(message, false, deadlineNanos);
        } catch (RpcException e) {
            throw e.code() == StatusCode.UNAVAILABLE ? new RpcException(StatusCode.CONNECTION_LOST, e.reason(), e) : e;
        }
    }

    /** Takes a slot, which {@link #register} or {@link #unregister} needs. */
    long nextId() {
        if (goingAway) {
            throw new RpcException(StatusCode.UNAVAILABLE, transport.peer() + " is shutting down");
        }
        int slot = slots.take();
        if (slot == SlotAllocator.NONE) {
            throw new RpcException(
                    StatusCode.RESOURCE_EXHAUSTED,
                    "limit of " + config.maxCallsInFlight() + " calls in flight to " + transport.peer());
        }
        return sequence.incrementAndGet() << SLOT_BITS | slot;
    }

    private <C extends PendingCall> C register(C call) {
        pending.put((int) (call.id & SLOT_MASK), call);
        pendingCount.incrementAndGet();
        deadlines.add(call.deadlineNanos);
        String reason = closedReason;
        if (reason != null) {
            unregister(call);
            throw new RpcException(
                    StatusCode.UNAVAILABLE, "connection to " + transport.peer() + " is closed: " + reason);
        }
        return call;
    }

    private void unregister(PendingCall call) {
        int slot = (int) (call.id & SLOT_MASK);
        pending.remove(slot, call);
        slots.release(slot);
        if (pendingCount.decrementAndGet() == 0 && goingAway) {
            transport.close("the peer is shutting down");
        }
    }

    private void sendCancel(long id) {
        if (!transport.isOpen()) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            SerdeWriter body = SerdeWriter.create(transport.headroom());
            body.claim(transport.headroom());
            transport.send(
                    new OutboundMessage(MessageKind.CANCEL, id, body),
                    false,
                    environment.clock().nanoTime());
        } catch (RpcException expected) {
            // The connection is closed or full: the peer's own deadline ends the call.
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    RpcException describe(RpcException failure, Method<?, ?, ?> method) {
        if (failure.code() == StatusCode.DEADLINE_EXCEEDED) {
            return deadlineExceeded(method);
        }
        return new RpcException(failure.code(), method + " at " + transport.peer() + ": " + failure.reason(), failure);
    }

    RpcException deadlineExceeded(Method<?, ?, ?> method) {
        return new RpcException(
                StatusCode.DEADLINE_EXCEEDED, method + " at " + transport.peer() + ": the deadline has passed");
    }

    // --- one-sided transfers

    @Override
    public TransferBatch batch() {
        return new TransferBatch(this::transfer);
    }

    private void transfer(List<Transfer> transfers) {
        long now = environment.clock().nanoTime();
        transfer(transfers, Context.current().earlierDeadline(now + Long.MAX_VALUE / 4));
    }

    void transfer(List<Transfer> transfers, long deadlineNanos) {
        sequence.incrementAndGet();
        transferCount.incrementAndGet();
        try {
            transport.transfer(transfers, deadlineNanos);
        } finally {
            transferCount.decrementAndGet();
        }
    }

    // --- what arrives

    @Override
    public void onMessages(InboundMessage first) {
        if (first.next() == null && first.kind() != MessageKind.REQUEST) {
            onReplyOrNotice(first, recording.isOn() ? environment.clock().nanoTime() : CallRecord.NOT_REACHED);
        } else {
            environment
                    .threads()
                    .newThread(() -> sort(first, environment.clock().nanoTime()))
                    .start();
        }
    }

    /** On a virtual thread: wakes callers, starts handlers, and runs the last request's handler itself. */
    private void sort(InboundMessage first, long arrivedNanos) {
        InboundMessage message = first;
        while (message != null) {
            InboundMessage next = message.next();
            if (message.kind() == MessageKind.REQUEST) {
                ServerCall<?, ?, ?> call = served.accept(message, arrivedNanos);
                if (call != null && next == null) {
                    call.run();
                } else if (call != null) {
                    environment.threads().newThread(call).start();
                }
            } else {
                onReplyOrNotice(message, arrivedNanos);
            }
            message = next;
        }
    }

    private void onReplyOrNotice(InboundMessage message, long arrivedNanos) {
        switch (message.kind()) {
            case MessageKind.REPLY -> {
                PendingCall call = pending.get((int) (message.id() & SLOT_MASK));
                if (call != null && call.id == message.id()) {
                    // Not in the record, which the processor of the caller has in its cache.
                    call.answeredNanos = arrivedNanos;
                    call.complete(message);
                }
            }
            case MessageKind.CANCEL -> served.cancel(message.id());
            case MessageKind.GOING_AWAY -> {
                goingAway = true;
                if (pendingCount.get() == 0) {
                    transport.close("the peer is shutting down");
                }
            }
            case MessageKind.REPLY_ITEM, MessageKind.REQUEST_CREDIT -> {
                PendingCall call = pending.get((int) (message.id() & SLOT_MASK));
                if (call != null && call.id == message.id() && call instanceof ClientStreams<?, ?> items) {
                    items.take(message);
                } else {
                    onUnknownStream(message.id());
                }
            }
            case MessageKind.REQUEST_ITEM, MessageKind.REQUEST_END, MessageKind.REPLY_CREDIT -> served.take(message);
            default -> transport.close("message of unknown kind " + message.kind());
        }
    }

    /** The peer serves a call that we have given up: our cancellation overtook the request, or has not arrived yet. */
    private void onUnknownStream(long id) {
        if (lastUnknownStream != id) {
            lastUnknownStream = id;
            environment.threads().newThread(() -> sendCancel(id)).start();
        }
    }

    @Override
    public void onClosed(String reason) {
        closedReason = reason;
        deadlines.close();
        RpcException lost = new RpcException(StatusCode.CONNECTION_LOST, reason);
        pending.forEach(call -> call.complete(lost));
        served.cancelAll();
    }

    /** Ends what is due; returns the earliest deadline that is left. */
    private long expire(long now) {
        long[] earliest = {DeadlineWatch.never(now)};
        pending.forEach(call -> {
            if (call.deadlineNanos - now <= 0) {
                call.complete(new RpcException(StatusCode.DEADLINE_EXCEEDED, "the deadline has passed"));
            } else if (call.deadlineNanos - earliest[0] < 0) {
                earliest[0] = call.deadlineNanos;
            }
        });
        return served.expire(now, earliest[0]);
    }

    // --- for the client and server that own the connection

    /** Tells the peer to send no more requests here. */
    void goAway() {
        SerdeWriter body = SerdeWriter.create(transport.headroom());
        body.claim(transport.headroom());
        served.reply(new OutboundMessage(MessageKind.GOING_AWAY, 0, body));
    }

    boolean isClosed() {
        return closedReason != null;
    }

    boolean usable() {
        return !goingAway && closedReason == null && transport.isOpen();
    }

    /** Grows with each call and transfer that is made over the connection. */
    long callsMade() {
        return sequence.get();
    }

    int callsInFlight() {
        return pendingCount.get() + served.count() + transferCount.get();
    }

    void close(String reason) {
        transport.close(reason);
    }

    Environment environment() {
        return environment;
    }

    Recording recording() {
        return recording;
    }

    CallConfig config() {
        return config;
    }

    @Override
    public int headroom() {
        return transport.headroom();
    }

    @Override
    public String address() {
        return transport.peer();
    }
}
