package dev.weft.rpc;

import dev.weft.rpc.spi.CallRecord;
import dev.weft.rpc.spi.MessageKind;
import dev.weft.rpc.spi.OutboundMessage;
import dev.weft.serde.SerdeException;
import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One request being served: decodes, runs the handler in its context and replies, all on the virtual thread that runs it.
 *
 * <p>Its value is the state: a cancellation interrupts the handler's thread while the handler runs, and never after.
 */
final class ServerCall<S, Q, R> extends AtomicInteger implements Runnable {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = System.getLogger("dev.weft.rpc");

    private static final int NEW = 0;
    private static final int RUNNING = 1;
    private static final int INTERRUPTING = 2;
    private static final int CANCELLED = 3;
    private static final int ENDED = 4;

    private final transient BoundMethod<S, Q, R> bound;
    private final long id;
    private final transient SerdeReader in;
    private final boolean oneWay;
    private final boolean compressed;
    private final boolean hasDeadline;
    private final long deadlineNanos;
    private final String identity;
    private final transient TraceId traceId;
    private final long arrivedNanos;
    private final transient @Nullable ServerStreams<?, ?> streams;
    private final transient ServedCalls served;

    /** The thread that runs the call; set before the state becomes RUNNING. */
    private transient @Nullable Thread thread;

    private volatile boolean cancelled;

    /** How the handler ended, and when. Used by the thread that runs the call only. */
    private int status = StatusCode.CANCELLED.wireValue();

    private long handledNanos = CallRecord.NOT_REACHED;

    ServerCall(
            BoundMethod<S, Q, R> bound,
            long id,
            SerdeReader in,
            boolean oneWay,
            boolean compressed,
            boolean hasDeadline,
            long deadlineNanos,
            String identity,
            TraceId traceId,
            long arrivedNanos,
            @Nullable ServerStreams<?, ?> streams,
            ServedCalls served) {
        this.bound = bound;
        this.id = id;
        this.in = in;
        this.oneWay = oneWay;
        this.compressed = compressed;
        this.hasDeadline = hasDeadline;
        this.deadlineNanos = deadlineNanos;
        this.identity = identity;
        this.traceId = traceId;
        this.arrivedNanos = arrivedNanos;
        this.streams = streams;
        this.served = served;
    }

    long id() {
        return id;
    }

    boolean isOneWay() {
        return oneWay;
    }

    boolean hasDeadline() {
        return hasDeadline;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** Null for a method without. */
    @Nullable
    ServerStreams<?, ?> streams() {
        return streams;
    }

    /** The caller has gone or its time is up: interrupts the handler, or keeps it from starting. From any thread. */
    void cancel() {
        cancelled = true;
        if (streams != null) {
            streams.cancel();
        }
        if (compareAndSet(NEW, CANCELLED)) {
            return;
        }
        if (compareAndSet(RUNNING, INTERRUPTING)) {
            Thread running = thread;
            if (running != null) {
                running.interrupt();
            }
            set(CANCELLED);
        }
    }

    @Override
    public void run() {
        Clock clock = served.connection().environment().clock();
        MethodMetrics metrics = bound.metrics();
        metrics.begin();
        long startedNanos = clock.nanoTime();
        SerdeWriter reply = null;
        thread = Thread.currentThread();
        boolean runs = compareAndSet(NEW, RUNNING);
        if (runs) {
            try {
                Context context = new Context(hasDeadline, deadlineNanos, identity, traceId, served.connection(), this);
                reply = context.call(() -> serve(clock, startedNanos));
            } finally {
                endHandler();
            }
        } else {
            metrics.failed(StatusCode.CANCELLED);
        }
        served.handled(this);
        Recording recording = served.connection().recording();
        boolean recorded = recording.isOn();
        boolean replies = reply != null && !oneWay && !cancelled;
        try {
            if (reply != null && replies) {
                count(metrics, reply);
                served.reply(new OutboundMessage(MessageKind.REPLY, id, reply));
            }
        } finally {
            served.ended(this);
        }
        if (recorded) {
            CallRecord record = record(recording, startedNanos, runs);
            if (reply != null && replies) {
                record.status = status;
                record.lastNanos = clock.nanoTime();
                record.replyBytes = reply.size() - served.connection().headroom();
            }
            recording.served(record);
        }
    }

    private CallRecord record(Recording recording, long startedNanos, boolean ran) {
        CallRecord record = recording.serve(bound.method(), arrivedNanos);
        record.callId = id;
        record.traceHigh = traceId.high();
        record.traceLow = traceId.low();
        record.requestBytes = in.position() + in.remaining();
        record.status = cancelled ? StatusCode.CANCELLED.wireValue() : status;
        if (ran) {
            record.secondNanos = startedNanos;
            record.thirdNanos = handledNanos;
        }
        if (streams != null) {
            record.items = streams.items();
        }
        return record;
    }

    private void count(MethodMetrics metrics, SerdeWriter reply) {
        long bytesIn = in.position() + in.remaining();
        if (streams == null) {
            metrics.bytes(bytesIn, reply.size());
        } else {
            metrics.bytes(bytesIn + streams.bytesRead(), reply.size() + streams.bytesWritten());
        }
    }

    /** How many items came before the reply; none come from now on. */
    private long seal() {
        return streams == null ? CallWire.NO_ITEMS : streams.seal();
    }

    /** From here on no interrupt can come; one that came is not left to whatever this thread does next. */
    private void endHandler() {
        if (!compareAndSet(RUNNING, ENDED)) {
            while (get() == INTERRUPTING) {
                Thread.onSpinWait();
            }
        }
        Thread.interrupted();
    }

    /** Decodes, handles and encodes; a failure of any of it becomes the reply. */
    @SuppressWarnings(
            "Interruption") // an interrupt ends the handler, and with it this call; nobody else is waiting for it
    private @Nullable SerdeWriter serve(Clock clock, long startedNanos) {
        int headroom = served.connection().headroom();
        try {
            Q request = decode();
            R result = invoke(request);
            long handlerNanos = clock.nanoTime() - startedNanos;
            bound.metrics().succeeded(handlerNanos);
            status = CallRecord.OK;
            handledNanos = startedNanos + handlerNanos;
            if (oneWay) {
                return null;
            }
            return ReplyEncoder.success(
                    bound.method(),
                    result,
                    headroom,
                    served.connection().config().compressionBytes(),
                    startedNanos - arrivedNanos,
                    handlerNanos,
                    seal());
        } catch (RpcException e) {
            failed(e.code());
            return ReplyEncoder.failure(e, headroom, seal());
        } catch (Exception e) {
            return replyToThrown(e, headroom);
        } catch (StackOverflowError | OutOfMemoryError e) {
            failed(StatusCode.INTERNAL);
            LOG.log(Level.ERROR, () -> "handler of " + bound.method() + " failed", e);
            return ReplyEncoder.failure(new RpcException(StatusCode.INTERNAL, e.toString()), headroom, seal());
        }
    }

    private SerdeWriter replyToThrown(Exception thrown, int headroom) {
        for (ApplicationError<?, ?> error : bound.method().errors()) {
            if (error.type().isInstance(thrown)) {
                failed(StatusCode.APPLICATION);
                return ReplyEncoder.applicationError(error, thrown, headroom, seal());
            }
        }
        StatusCode code = cancelled ? StatusCode.CANCELLED : StatusCode.INTERNAL;
        failed(code);
        if (!cancelled) {
            LOG.log(Level.WARNING, () -> "handler of " + bound.method() + " threw", thrown);
        }
        return ReplyEncoder.failure(new RpcException(code, "the handler threw " + thrown), headroom, seal());
    }

    private void failed(StatusCode code) {
        bound.metrics().failed(code);
        status = code.wireValue();
        handledNanos = served.connection().environment().clock().nanoTime();
    }

    private Q decode() {
        try {
            SerdeReader body = compressed
                    ? SerdeReader.of(
                            CallWire.decompress(in, served.connection().config().maxMessageBytes()))
                    : in;
            return bound.method().requestCodec().read(body);
        } catch (SerdeException e) {
            throw new RpcException(StatusCode.INVALID_ARGUMENT, "the request cannot be decoded: " + e.getMessage(), e);
        }
    }

    private R invoke(Q request) throws Exception {
        Interceptor[] interceptors = served.interceptors();
        return interceptors.length == 0
                ? handle(request)
                : new InterceptorChain(interceptors, this::invokeHandler).proceed(bound.method(), request);
    }

    @SuppressWarnings("unchecked") // the chain hands back the method it was given, so Q and R are those of the handler
    private <A, B> B invokeHandler(Method<?, A, B> method, A request) throws Exception {
        return (B) handle((Q) request);
    }

    private R handle(Q request) throws Exception {
        Method.Streams<S, Q, R, ?, ?> shape = bound.method().streams();
        return shape == null || streams == null
                ? bound.invoke(request)
                : streams.invoke(shape, bound.implementation(), request);
    }
}
