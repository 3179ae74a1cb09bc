package dev.weft.rpc;

import dev.weft.rpc.spi.DeadlineWatch;
import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.MessageHandler;
import dev.weft.rpc.spi.MessageKind;
import dev.weft.rpc.spi.OutboundMessage;
import dev.weft.rpc.spi.Transfer;
import dev.weft.rpc.spi.TransportConnection;
import dev.weft.serde.SerdeException;
import dev.weft.serde.SerdeWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Calls over one transport connection, in both directions: matches replies to waiting callers, runs handlers for requests,
 * and tells each side when the other has gone.
 *
 * <p>A call's id is a slot number in its low bits and a sequence number above, so that a late reply never meets another
 * call that has the slot by then. The transport's thread only sorts what arrives: everything else runs on virtual threads,
 * started from a virtual thread wherever one read brought more than one message, which costs half as much.
 */
final class CallConnection implements MessageHandler, Peer, StreamLink {
    static final int SLOT_BITS = 17;
    static final int CALLS_IN_FLIGHT_MAX = 1 << SLOT_BITS;
    private static final long SLOT_MASK = CALLS_IN_FLIGHT_MAX - 1;

    private final TransportConnection transport;
    private final Environment environment;
    private final Dispatcher dispatcher;
    private final Interceptor[] serverInterceptors;
    private final CallConfig config;

    private final SlotAllocator slots;
    private final SlotTable<PendingCall> pending;
    private final AtomicInteger pendingCount = new AtomicInteger();
    private final AtomicInteger transferCount = new AtomicInteger();
    private final AtomicLong sequence = new AtomicLong();
    private final SlotTable<ServerCall<?, ?, ?>> serving;
    private final AtomicInteger servingCount = new AtomicInteger();
    private final DeadlineWatch deadlines;
    private final StreamCount calledStreams;
    private final StreamCount servedStreams;

    /** The last call that the peer was told once more that nobody waits for. */
    private volatile long lastUnknownStream = -1;

    private volatile boolean goingAway;
    private volatile @Nullable String closedReason;

    CallConnection(
            TransportConnection transport,
            Environment environment,
            Dispatcher dispatcher,
            List<Interceptor> serverInterceptors,
            CallConfig config) {
        this.transport = transport;
        this.environment = environment;
        this.dispatcher = dispatcher;
        this.serverInterceptors = serverInterceptors.toArray(Interceptor[]::new);
        this.config = config;
        this.slots = new SlotAllocator(config.maxCallsInFlight());
        this.pending = new SlotTable<>(config.maxCallsInFlight());
        this.serving = new SlotTable<>(CALLS_IN_FLIGHT_MAX);
        this.deadlines = new DeadlineWatch(environment.clock(), this::expire);
        this.calledStreams = new StreamCount(config.streams().maxStreams(), transport.peer());
        this.servedStreams = new StreamCount(config.streams().maxStreams(), transport.peer());
    }

    // --- as a caller

    @Override
    public <Q, R> R call(Method<?, Q, R> method, Q request) {
        Context context = Context.current();
        long now = environment.clock().nanoTime();
        return call(method, request, context, now, context.earlierDeadline(now + Long.MAX_VALUE / 4), null);
    }

    /** One attempt of a call. */
    <Q, R> R call(
            Method<?, Q, R> method,
            Q request,
            Context context,
            long nowNanos,
            long deadlineNanos,
            @Nullable MethodMetrics metrics) {
        if (deadlineNanos - nowNanos <= 0) {
            throw deadlineExceeded(method);
        }
        SerdeWriter body =
                RequestEncoder.encode(method, request, context, deadlineNanos - nowNanos, transport.headroom(), config);
        if (method.oneWay()) {
            long id = sequence.incrementAndGet() << SLOT_BITS;
            transport.send(new OutboundMessage(MessageKind.REQUEST, id, body), pendingCount.get() > 1, deadlineNanos);
            return RequestEncoder.nothing();
        }
        PendingCall call = register(new PendingCall(nextId(), deadlineNanos));
        try {
            OutboundMessage message = new OutboundMessage(MessageKind.REQUEST, call.id, body);
            transport.send(message, pendingCount.get() > 1, deadlineNanos);
            Object outcome = call.await();
            if (outcome instanceof InboundMessage reply) {
                if (metrics != null) {
                    metrics.bytes(reply.body().byteSize(), body.size());
                }
                return ReplyDecoder.decode(method, reply, config.maxMessageBytes(), metrics, this);
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
        return new StreamAttempt<>(in, out).run(method, this, request, context, now, deadline, null);
    }

    /** Sends the request of a call with streams, and moves its items until the reply is there. */
    <I, O> InboundMessage exchange(
            ClientStreams<I, O> call, SerdeWriter request, StreamReader<I> in, StreamWriter<O> out, Context context) {
        RpcException tooMany = calledStreams.begin();
        if (tooMany != null) {
            slots.release((int) (call.id & SLOT_MASK));
            throw tooMany;
        }
        try {
            register(call);
            try {
                OutboundMessage message = new OutboundMessage(MessageKind.REQUEST, call.id, request);
                transport.send(message, pendingCount.get() > 1, call.deadlineNanos);
                return call.run(in, out, context, environment.threads());
            } catch (RuntimeException | Error e) {
                if (!(e instanceof RpcException failure) || failure.code() != StatusCode.CONNECTION_LOST) {
                    sendCancel(call.id);
                }
                throw e;
            } finally {
                unregister(call);
            }
        } finally {
            calledStreams.end();
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

    // --- as a server, and what arrives

    @Override
    public void onMessages(InboundMessage first) {
        if (first.next() == null && first.kind() != MessageKind.REQUEST) {
            onReplyOrNotice(first);
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
                ServerCall<?, ?, ?> call = accept(message, arrivedNanos);
                if (call != null && next == null) {
                    call.run();
                } else if (call != null) {
                    environment.threads().newThread(call).start();
                }
            } else {
                onReplyOrNotice(message);
            }
            message = next;
        }
    }

    private void onReplyOrNotice(InboundMessage message) {
        switch (message.kind()) {
            case MessageKind.REPLY -> {
                PendingCall call = pending.get((int) (message.id() & SLOT_MASK));
                if (call != null && call.id == message.id()) {
                    call.complete(message);
                }
            }
            case MessageKind.CANCEL -> {
                ServerCall<?, ?, ?> call = serving.get((int) (message.id() & SLOT_MASK));
                if (call != null && call.id() == message.id()) {
                    call.cancel();
                }
            }
            case MessageKind.GOING_AWAY -> {
                goingAway = true;
                if (pendingCount.get() == 0) {
                    transport.close("the peer is shutting down");
                }
            }
            case MessageKind.REPLY_ITEM, MessageKind.REQUEST_CREDIT -> {
                PendingCall call = pending.get((int) (message.id() & SLOT_MASK));
                if (call != null && call.id == message.id() && call instanceof ClientStreams<?, ?> streams) {
                    streams.take(message);
                } else {
                    onUnknownStream(message.id());
                }
            }
            case MessageKind.REQUEST_ITEM, MessageKind.REQUEST_END, MessageKind.REPLY_CREDIT -> {
                ServerCall<?, ?, ?> call = serving.get((int) (message.id() & SLOT_MASK));
                if (call != null && call.id() == message.id()) {
                    takeForStream(call, message);
                }
            }
            default -> transport.close("message of unknown kind " + message.kind());
        }
    }

    private void takeForStream(ServerCall<?, ?, ?> call, InboundMessage message) {
        ServerStreams<?, ?> streams = call.streams();
        RpcException wrong;
        try {
            wrong = streams != null
                    ? streams.take(message)
                    : new RpcException(StatusCode.INVALID_ARGUMENT, "the call has no streams");
        } catch (SerdeException e) {
            wrong = new RpcException(StatusCode.INVALID_ARGUMENT, "message of a stream: " + e.getMessage());
        }
        if (wrong != null) {
            call.cancel();
            refuse(call.id(), wrong);
        }
    }

    /** The peer serves a call that we have given up: our cancellation overtook the request, or has not arrived yet. */
    private void onUnknownStream(long id) {
        if (lastUnknownStream != id) {
            lastUnknownStream = id;
            environment.threads().newThread(() -> sendCancel(id)).start();
        }
    }

    /** A request's call, counted and registered; null if it was refused. */
    private @Nullable ServerCall<?, ?, ?> accept(InboundMessage message, long arrivedNanos) {
        if (message.corrupt()) {
            refuse(message.id(), new RpcException(StatusCode.DATA_CORRUPTED, "the request did not match its checksum"));
            return null;
        }
        ServerCall<?, ?, ?> call;
        try {
            call = RequestHead.read(message, dispatcher, this, arrivedNanos);
        } catch (SerdeException e) {
            refuse(
                    message.id(),
                    new RpcException(StatusCode.INVALID_ARGUMENT, "head of the request: " + e.getMessage()));
            return null;
        } catch (RpcException e) {
            refuse(message.id(), e);
            return null;
        }
        RpcException refusal = dispatcher.begin();
        if (refusal != null) {
            refuse(message.id(), refusal);
            return null;
        }
        if (call.streams() != null) {
            refusal = servedStreams.begin();
            if (refusal != null) {
                dispatcher.end();
                refuse(message.id(), refusal);
                return null;
            }
        }
        servingCount.incrementAndGet();
        if (!call.isOneWay() && !register(call)) {
            ended(call);
            return null;
        }
        if (call.hasDeadline()) {
            deadlines.add(call.deadlineNanos());
        }
        if (closedReason != null) {
            call.cancel();
        }
        return call;
    }

    /** Gives a request its slot; false if its caller waits for it no more. */
    private boolean register(ServerCall<?, ?, ?> call) {
        int slot = (int) (call.id() & SLOT_MASK);
        while (!serving.put(slot, call)) {
            ServerCall<?, ?, ?> other = serving.get(slot);
            if (other == null) {
                continue;
            }
            if (other.id() == call.id()) {
                transport.close("request with the id of a call in progress");
                return false;
            }
            if (other.id() > call.id()) {
                return false;
            }
            // Its caller has given it up, or would not have used the slot again; its handler may not have noticed yet.
            other.cancel();
            serving.remove(slot, other);
        }
        return true;
    }

    private void refuse(long id, RpcException why) {
        SerdeWriter body = ReplyEncoder.failure(why, transport.headroom(), CallWire.NO_ITEMS);
        // A peer that asks for what is refused and does not read the answers is not waited for.
        reply(new OutboundMessage(MessageKind.REPLY, id, body), false, 0);
    }

    /** A call's handler has returned: it can no longer be cancelled, and its slot may be used by the next. */
    void handled(ServerCall<?, ?, ?> call) {
        if (!call.isOneWay()) {
            serving.remove((int) (call.id() & SLOT_MASK), call);
        }
    }

    /** A call's reply is on its way: it counts no more. */
    void ended(ServerCall<?, ?, ?> call) {
        if (call.streams() != null) {
            servedStreams.end();
        }
        servingCount.decrementAndGet();
        dispatcher.end();
    }

    void reply(OutboundMessage message) {
        reply(message, servingCount.get() > 1, REPLY_PATIENCE_NANOS);
    }

    private void reply(OutboundMessage message, boolean others, long patienceNanos) {
        try {
            transport.send(message, others, environment.clock().nanoTime() + patienceNanos);
        } catch (RpcException e) {
            if (e.code() == StatusCode.RESOURCE_EXHAUSTED) {
                transport.close("the peer does not read its replies");
            } else if (e.code() == StatusCode.INVALID_ARGUMENT) {
                refuse(message.id(), new RpcException(StatusCode.INTERNAL, "the reply: " + e.reason(), e));
            }
        }
    }

    /** A peer that has not read anything for this long, with its queue full, has lost its connection. */
    private static final long REPLY_PATIENCE_NANOS = 60_000_000_000L;

    @Override
    public void onClosed(String reason) {
        closedReason = reason;
        deadlines.close();
        RpcException lost = new RpcException(StatusCode.CONNECTION_LOST, reason);
        pending.forEach(call -> call.complete(lost));
        serving.forEach(ServerCall::cancel);
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
        serving.forEach(call -> {
            if (call.hasDeadline()) {
                if (call.deadlineNanos() - now <= 0) {
                    call.cancel();
                } else if (call.deadlineNanos() - earliest[0] < 0) {
                    earliest[0] = call.deadlineNanos();
                }
            }
        });
        return earliest[0];
    }

    // --- for the client and server that own the connection

    /** Tells the peer to send no more requests here. */
    void goAway() {
        SerdeWriter body = SerdeWriter.create(transport.headroom());
        body.claim(transport.headroom());
        reply(new OutboundMessage(MessageKind.GOING_AWAY, 0, body), false, REPLY_PATIENCE_NANOS);
    }

    boolean usable() {
        return !goingAway && closedReason == null && transport.isOpen();
    }

    /** Grows with each call and transfer that is made over the connection. */
    long callsMade() {
        return sequence.get();
    }

    int callsInFlight() {
        return pendingCount.get() + servingCount.get() + transferCount.get();
    }

    void close(String reason) {
        transport.close(reason);
    }

    Environment environment() {
        return environment;
    }

    CallConfig config() {
        return config;
    }

    @Override
    public int headroom() {
        return transport.headroom();
    }

    Interceptor[] serverInterceptors() {
        return serverInterceptors;
    }

    @Override
    public String address() {
        return transport.peer();
    }
}
