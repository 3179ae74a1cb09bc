package dev.weft.rpc.rdma;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How much may be moving into this process by long transfers at a time, first come first served: the receiver decides, so
 * that many senders do not overrun its port. One that is longer than the limit is alone. Thread-safe.
 */
final class InboundPermits {
    /** A wish for a transfer. */
    static final class Ticket {
        private final long bytes;
        private final Runnable onGranted;
        private boolean granted;
        private boolean ended;

        private Ticket(long bytes, Runnable onGranted) {
            this.bytes = bytes;
            this.onGranted = onGranted;
        }
    }

    private final long limitBytes;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final ArrayDeque<Ticket> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private long inUse;

    /** @param limitBytes 0 for none */
    InboundPermits(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    boolean isLimited() {
        return limitBytes > 0;
    }

    /** Has {@code onGranted} run when the transfer may begin, maybe at once on this thread; {@link #end} gives it back. */
    Ticket ask(long bytes, Runnable onGranted) {
        Ticket ticket = new Ticket(bytes, onGranted);
        lock.lock();
        try {
            waiting.add(ticket);
        } finally {
            lock.unlock();
        }
        grantNext();
        return ticket;
    }

    /** The transfer has ended, or is not wanted any more. Does nothing the second time. */
    void end(Ticket ticket) {
        lock.lock();
        try {
            if (ticket.ended) {
                return;
            }
            ticket.ended = true;
            if (ticket.granted) {
                inUse -= ticket.bytes;
            } else {
                waiting.remove(ticket);
            }
        } finally {
            lock.unlock();
        }
        grantNext();
    }

    private void grantNext() {
        List<Ticket> granted = new ArrayList<>();
        lock.lock();
        try {
            while (!waiting.isEmpty() && fits(waiting.getFirst())) {
                Ticket next = waiting.removeFirst();
                next.granted = true;
                inUse += next.bytes;
                granted.add(next);
            }
        } finally {
            lock.unlock();
        }
        granted.forEach(ticket -> ticket.onGranted.run());
    }

    @GuardedBy("lock")
    private boolean fits(Ticket ticket) {
        return inUse == 0 || ticket.bytes <= limitBytes - inUse;
    }
}
