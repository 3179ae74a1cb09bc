package dev.weft.rpc;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What a piece of work inherits from the work that asked for it: deadline, identity, trace id and, in a handler, the
 * connection that the request came on.
 *
 * <pre>{@code
 * Context.current().withTimeout(Duration.ofSeconds(2), clock).call(() -> echo.echo(request));
 * }</pre>
 *
 * <p>It travels with each call: the handler runs under the remaining time of its caller. A handler whose caller gives up,
 * runs out of time or disconnects is interrupted, and {@link #isCancelled} says so. Immutable but for that.
 */
public final class Context {

    /** Longest identity, in characters. */
    public static final int IDENTITY_LENGTH_MAX = 256;

    private static final Context ROOT = new Context(false, 0, "", TraceId.NONE, null, null);
    private static final ScopedValue<Context> CURRENT = ScopedValue.newInstance();

    private final boolean hasDeadline;
    private final long deadlineNanos;
    private final String identity;
    private final TraceId traceId;
    private final @Nullable Peer peer;
    private final @Nullable ServerCall<?, ?, ?> call;

    Context(
            boolean hasDeadline,
            long deadlineNanos,
            String identity,
            TraceId traceId,
            @Nullable Peer peer,
            @Nullable ServerCall<?, ?, ?> call) {
        this.hasDeadline = hasDeadline;
        this.deadlineNanos = deadlineNanos;
        this.identity = identity;
        this.traceId = traceId;
        this.peer = peer;
        this.call = call;
    }

    /** The context of the running code; one without deadline, identity and trace outside of any. */
    public static Context current() {
        return CURRENT.orElse(ROOT);
    }

    /** Whether the work must end by {@link #deadlineNanos}. */
    public boolean hasDeadline() {
        return hasDeadline;
    }

    /** When the work must end, on {@link Clock#nanoTime}. */
    public long deadlineNanos() {
        if (!hasDeadline) {
            throw new IllegalStateException("the context has no deadline");
        }
        return deadlineNanos;
    }

    /** {@code otherNanos}, or the deadline if that is earlier. */
    public long earlierDeadline(long otherNanos) {
        return hasDeadline && deadlineNanos - otherNanos < 0 ? deadlineNanos : otherNanos;
    }

    /** Who asked; empty if nobody said. Only as trustworthy as the connection. */
    public String identity() {
        return identity;
    }

    public TraceId traceId() {
        return traceId;
    }

    /** The other end of the connection that the request being handled came on. */
    public Peer peer() {
        Peer caller = peer;
        if (caller == null) {
            throw new IllegalStateException("not in the handler of a request");
        }
        return caller;
    }

    /** Whether nobody waits for the result of this work any more. */
    public boolean isCancelled() {
        ServerCall<?, ?, ?> handled = call;
        return handled != null && handled.isCancelled();
    }

    /** This context with {@code timeout} from now as deadline, unless it has an earlier one. */
    public Context withTimeout(Duration timeout, Clock clock) {
        return new Context(true, earlierDeadline(clock.nanoTime() + timeout.toNanos()), identity, traceId, peer, call);
    }

    public Context withIdentity(String name) {
        if (name.length() > IDENTITY_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "identity of " + name.length() + " characters is longer than " + IDENTITY_LENGTH_MAX);
        }
        return new Context(hasDeadline, deadlineNanos, name, traceId, peer, call);
    }

    public Context withTraceId(TraceId id) {
        return new Context(hasDeadline, deadlineNanos, identity, id, peer, call);
    }

    /** Runs {@code work} in this context on the calling thread. */
    public <T, X extends Throwable> T call(ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(CURRENT, this).call(work);
    }

    /** Runs {@code work} in this context on the calling thread. */
    public void run(Runnable work) {
        ScopedValue.where(CURRENT, this).run(work);
    }

    /** {@code work}, to be run in this context by whichever thread calls it. */
    public <T> Callable<T> wrap(Callable<T> work) {
        return () -> ScopedValue.where(CURRENT, this).call(work::call);
    }
}
