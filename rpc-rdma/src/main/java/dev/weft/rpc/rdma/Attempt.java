package dev.weft.rpc.rdma;

import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import dev.weft.rpc.Clock;
import dev.weft.rpc.rdma.ConnectionEvents.Event;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** Waits for the events of one id while it is being connected; for one thread. */
final class Attempt implements ConnectionEvents.Listener {
    private final String what;
    private final Clock clock;
    private final long deadlineNanos;
    private final Thread waiter = Thread.currentThread();
    private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();
    private volatile boolean cancelled;

    /** As the status of an event: the negative of ETIMEDOUT. */
    private static final int TIMED_OUT = -110;

    /** @param what is being done, for messages */
    Attempt(String what, Clock clock, long deadlineNanos) {
        this.what = what;
        this.clock = clock;
        this.deadlineNanos = deadlineNanos;
    }

    @Override
    public void onEvent(Event event) {
        events.add(event);
        LockSupport.unpark(waiter);
    }

    /** Has the thread that waits give up. */
    void cancel() {
        cancelled = true;
        LockSupport.unpark(waiter);
    }

    /**
     * Waits for an event.
     *
     * @throws RefusedException if the peer's host is there, and says that nobody listens
     * @throws IOException if another event comes, or none by the deadline
     */
    Event await(EventType wanted) throws IOException, InterruptedException {
        while (true) {
            Event event = events.poll();
            if (event == null) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (cancelled) {
                    throw new IOException(what + ": the transport is closed");
                }
                if (clock.nanoTime() - deadlineNanos >= 0) {
                    throw new IOException(what + ": not " + name(wanted) + " in time");
                }
                clock.parkUntil(this, deadlineNanos);
            } else if (event.type() == wanted) {
                return event;
            } else if (event.type() == EventType.RDMA_CM_EVENT_REJECTED) {
                throw new RefusedException(what + ": connection refused");
            } else if (event.type() == EventType.RDMA_CM_EVENT_ADDR_ERROR && event.status() == TIMED_OUT) {
                throw new NoNeighbourException(what + ": no host answers for the address");
            } else {
                throw new IOException(what + ": " + name(event.type()) + " with status " + event.status());
            }
        }
    }

    private static String name(EventType type) {
        return type.name().replace("RDMA_CM_EVENT_", "").toLowerCase(Locale.ROOT);
    }

    /** It was not found out in time which device the address is at. */
    static final class NoNeighbourException extends IOException {
        private static final long serialVersionUID = 1;

        NoNeighbourException(String message) {
            super(message);
        }
    }

    /** Nobody listens at the peer's address, or it does not know the connection. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }
}
