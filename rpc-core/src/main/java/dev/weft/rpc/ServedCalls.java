package dev.weft.rpc;

import dev.weft.rpc.spi.DeadlineWatch;
import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.MessageKind;
import dev.weft.rpc.spi.OutboundMessage;
import dev.weft.rpc.spi.TransportConnection;
import dev.weft.serde.SerdeException;
import dev.weft.serde.SerdeWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The calls that the peer of one connection makes here: each is accepted or refused, cancelled, and answered once. */
final class ServedCalls {
    /** A peer that has not read anything for this long, with its queue full, has lost its connection. */
    private static final long REPLY_PATIENCE_NANOS = 60_000_000_000L;

    private final CallConnection connection;
    private final TransportConnection transport;
    private final Dispatcher dispatcher;
    private final Interceptor[] interceptors;
    private final DeadlineWatch deadlines;
    private final SlotTable<ServerCall<?, ?, ?>> calls = new SlotTable<>(CallConnection.CALLS_IN_FLIGHT_MAX);
    private final AtomicInteger count = new AtomicInteger();
    private final StreamCount streams;

    /** None yet; {@code deadlines} is told of those of the calls, and asks {@link #expire} in turn. */
    ServedCalls(
            CallConnection connection,
            TransportConnection transport,
            Dispatcher dispatcher,
            List<Interceptor> interceptors,
            DeadlineWatch deadlines) {
        this.connection = connection;
        this.transport = transport;
        this.dispatcher = dispatcher;
        this.interceptors = interceptors.toArray(Interceptor[]::new);
        this.deadlines = deadlines;
        this.streams = new StreamCount(connection.config().streams().maxStreams(), transport.peer());
    }

    CallConnection connection() {
        return connection;
    }

    Interceptor[] interceptors() {
        return interceptors;
    }

    int count() {
        return count.get();
    }

    // --- what arrives

    /** A request's call, counted and registered; null if it was refused. */
    @Nullable
    ServerCall<?, ?, ?> accept(InboundMessage message, long arrivedNanos) {
        if (message.corrupt()) {
            refuse(
                    message,
                    arrivedNanos,
                    new RpcException(StatusCode.DATA_CORRUPTED, "the request did not match its checksum"));
            return null;
        }
        ServerCall<?, ?, ?> call;
        try {
            call = RequestHead.read(message, dispatcher, this, arrivedNanos);
        } catch (SerdeException e) {
            refuse(
                    message,
                    arrivedNanos,
                    new RpcException(StatusCode.INVALID_ARGUMENT, "head of the request: " + e.getMessage()));
            return null;
        } catch (RpcException e) {
            refuse(message, arrivedNanos, e);
            return null;
        }
        RpcException refusal = dispatcher.begin();
        if (refusal != null) {
            refuse(message, arrivedNanos, refusal);
            return null;
        }
        if (call.streams() != null) {
            refusal = streams.begin();
            if (refusal != null) {
                dispatcher.end();
                refuse(message, arrivedNanos, refusal);
                return null;
            }
        }
        count.incrementAndGet();
        if (!call.isOneWay() && !register(call)) {
            ended(call);
            return null;
        }
        if (call.hasDeadline()) {
            deadlines.add(call.deadlineNanos());
        }
        if (connection.isClosed()) {
            call.cancel();
        }
        return call;
    }

    /** Gives a request its slot; false if its caller waits for it no more. */
    private boolean register(ServerCall<?, ?, ?> call) {
        int slot = (int) (call.id() & CallConnection.SLOT_MASK);
        while (!calls.put(slot, call)) {
            ServerCall<?, ?, ?> other = calls.get(slot);
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
            calls.remove(slot, other);
        }
        return true;
    }

    /** The caller waits no more. */
    void cancel(long id) {
        ServerCall<?, ?, ?> call = find(id);
        if (call != null) {
            call.cancel();
        }
    }

    /** A message of a stream of a call. */
    void take(InboundMessage message) {
        ServerCall<?, ?, ?> call = find(message.id());
        RpcException wrong = call == null ? null : take(call, message);
        if (call != null && wrong != null) {
            call.cancel();
            refuse(call.id(), wrong);
        }
    }

    private static @Nullable RpcException take(ServerCall<?, ?, ?> call, InboundMessage message) {
        ServerStreams<?, ?> items = call.streams();
        try {
            return items != null
                    ? items.take(message)
                    : new RpcException(StatusCode.INVALID_ARGUMENT, "the call has no streams");
        } catch (SerdeException e) {
            return new RpcException(StatusCode.INVALID_ARGUMENT, "message of a stream: " + e.getMessage());
        }
    }

    private @Nullable ServerCall<?, ?, ?> find(long id) {
        ServerCall<?, ?, ?> call = calls.get((int) (id & CallConnection.SLOT_MASK));
        return call != null && call.id() == id ? call : null;
    }

    void cancelAll() {
        calls.forEach(ServerCall::cancel);
    }

    /** Cancels what is due; returns the earliest deadline that is left, or {@code earliest} if that is before it. */
    long expire(long now, long earliest) {
        long[] left = {earliest};
        calls.forEach(call -> {
            if (call.hasDeadline()) {
                if (call.deadlineNanos() - now <= 0) {
                    call.cancel();
                } else if (call.deadlineNanos() - left[0] < 0) {
                    left[0] = call.deadlineNanos();
                }
            }
        });
        return left[0];
    }

    // --- what goes out

    private void refuse(InboundMessage request, long arrivedNanos, RpcException why) {
        refuse(request.id(), why);
        connection.recording().refused(request, dispatcher, arrivedNanos, why);
    }

    private void refuse(long id, RpcException why) {
        SerdeWriter body = ReplyEncoder.failure(why, transport.headroom(), CallWire.NO_ITEMS);
        // A peer that asks for what is refused and does not read the answers is not waited for.
        reply(new OutboundMessage(MessageKind.REPLY, id, body), false, 0);
    }

    /** A call's handler has returned: it can no longer be cancelled, and its slot may be used by the next. */
    void handled(ServerCall<?, ?, ?> call) {
        if (!call.isOneWay()) {
            calls.remove((int) (call.id() & CallConnection.SLOT_MASK), call);
        }
    }

    /** A call's reply is on its way: it counts no more. */
    void ended(ServerCall<?, ?, ?> call) {
        if (call.streams() != null) {
            streams.end();
        }
        count.decrementAndGet();
        dispatcher.end();
    }

    void reply(OutboundMessage message) {
        reply(message, count.get() > 1, REPLY_PATIENCE_NANOS);
    }

    private void reply(OutboundMessage message, boolean others, long patienceNanos) {
        try {
            transport.send(message, others, connection.environment().clock().nanoTime() + patienceNanos);
        } catch (RpcException e) {
            if (e.code() == StatusCode.RESOURCE_EXHAUSTED) {
                transport.close("the peer does not read its replies");
            } else if (e.code() == StatusCode.INVALID_ARGUMENT) {
                refuse(message.id(), new RpcException(StatusCode.INTERNAL, "the reply: " + e.reason(), e));
            }
        }
    }
}
