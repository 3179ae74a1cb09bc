package dev.weft.rpc.rdma;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.Clock;
import dev.weft.rpc.rdma.InboundPermits.Ticket;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Permits of one connection: for what we move in ourselves, what the peer moves in, and what we move into the peer. */
final class Permits {
    /** Wishes of one peer that wait. */
    private static final int ASKED_MAX = 4096;

    /** How long a peer's transfer counts as under way; one that never says that it is done must not stop all others. */
    private static final long GRANTED_NANOS_MAX = 10_000_000_000L;

    private final RdmaConnection connection;
    private final Clock clock;
    private final InboundPermits inbound;
    private final int fromBytes;
    private final AtomicLong nextTicket = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();

    /** The peer's wishes, granted or not, by its ticket. */
    @GuardedBy("lock")
    private final LongTable<PeerWish> ofPeer = new LongTable<>();

    /** Wishes that the peer gave up before they came: another rail was faster. */
    @GuardedBy("lock")
    private final Set<Long> givenUp = new LinkedHashSet<>();

    /** Our own wishes that the peer has not answered. */
    @GuardedBy("lock")
    private final LongTable<Wish> asked = new LongTable<>();

    /** Transfers into the peer of this size ask first; 0 if none do. */
    private volatile int peerFromBytes;

    /** What the peer wants to move in. */
    private static final class PeerWish {
        private @Nullable Ticket ticket;
        private volatile long grantedNanos;
        private volatile boolean granted;
    }

    private record Wish(Thread thread, AtomicBoolean granted) {
        void grant() {
            granted.set(true);
            LockSupport.unpark(thread);
        }
    }

    /** What was granted; to be given back. */
    static final class Granted {
        private static final Granted NOTHING = new Granted();
        private final List<Runnable> ends = new ArrayList<>();

        private Granted() {}

        void giveBack() {
            for (int i = 0; i < ends.size(); i++) {
                ends.get(i).run();
            }
        }
    }

    Permits(RdmaConnection connection, InboundPermits inbound, int fromBytes, Clock clock) {
        this.connection = connection;
        this.inbound = inbound;
        this.fromBytes = fromBytes;
        this.clock = clock;
    }

    void agree(int fromBytesOfPeer) {
        peerFromBytes = fromBytesOfPeer;
    }

    /**
     * Waits until so much may be moved.
     *
     * @throws dev.weft.rpc.RpcException DEADLINE_EXCEEDED, CANCELLED, CONNECTION_LOST
     */
    Granted acquire(long readBytes, long writeBytes, long deadlineNanos) {
        boolean asksHere = inbound.isLimited() && readBytes >= fromBytes;
        int threshold = peerFromBytes;
        boolean asksPeer = threshold > 0 && writeBytes >= threshold;
        if (!asksHere && !asksPeer) {
            return Granted.NOTHING;
        }
        Granted granted = new Granted();
        try {
            if (asksHere) {
                Wish wish = new Wish(Thread.currentThread(), new AtomicBoolean());
                Ticket ticket = inbound.ask(readBytes, wish::grant);
                granted.ends.add(() -> inbound.end(ticket));
                await(wish, deadlineNanos);
            }
            if (asksPeer) {
                askPeer(writeBytes, granted, deadlineNanos);
            }
        } catch (RuntimeException e) {
            granted.giveBack();
            throw e;
        }
        return granted;
    }

    private void askPeer(long bytes, Granted granted, long deadlineNanos) {
        long id = nextTicket.incrementAndGet();
        Wish wish = new Wish(Thread.currentThread(), new AtomicBoolean());
        lock.lock();
        try {
            asked.put(id, wish);
        } finally {
            lock.unlock();
        }
        granted.ends.add(() -> {
            forget(id, wish);
            connection.control(ControlFrame.plain(ControlFrame.PERMIT_DONE, id));
        });
        connection.control(ControlFrame.permitAsk(id, bytes));
        await(wish, deadlineNanos);
    }

    private void forget(long id, Wish wish) {
        lock.lock();
        try {
            asked.remove(id, wish);
        } finally {
            lock.unlock();
        }
    }

    private void await(Wish wish, long deadlineNanos) {
        if (wish.granted.get()) {
            return;
        }
        connection.counters().permitWaits.increment();
        connection.waiters().add(wish.thread);
        try {
            while (!wish.granted.get()) {
                connection.checkWaiting(deadlineNanos);
                clock.parkUntil(this, deadlineNanos);
            }
        } finally {
            connection.waiters().remove(wish.thread);
        }
    }

    // --- on the poller's thread

    void granted(long id) {
        Wish wish;
        lock.lock();
        try {
            wish = asked.get(id);
        } finally {
            lock.unlock();
        }
        if (wish != null) {
            wish.grant();
        }
    }

    void peerAsks(long id, long bytes) throws BadFrameException {
        // The answer may be given at once: the ticket is registered first, under a lock that answering does not need.
        lock.lock();
        try {
            if (ofPeer.size() >= ASKED_MAX || ofPeer.get(id) != null) {
                throw new BadFrameException("permit " + id + " beside " + ofPeer.size() + " others");
            }
            if (givenUp.remove(id)) {
                return;
            }
            byte[] answer = ControlFrame.plain(ControlFrame.PERMIT, id);
            PeerWish wish = new PeerWish();
            ofPeer.put(id, wish);
            wish.ticket = inbound.ask(bytes, () -> {
                wish.grantedNanos = clock.nanoTime();
                wish.granted = true;
                connection.control(answer);
            });
        } finally {
            lock.unlock();
        }
    }

    void peerIsDone(long id) {
        PeerWish wish;
        lock.lock();
        try {
            wish = ofPeer.get(id);
            if (wish == null) {
                if (givenUp.size() < ASKED_MAX) {
                    givenUp.add(id);
                }
                return;
            }
            ofPeer.remove(id, wish);
        } finally {
            lock.unlock();
        }
        end(wish);
    }

    // --- the end

    private void end(PeerWish wish) {
        Ticket ticket = wish.ticket;
        if (ticket != null) {
            inbound.end(ticket);
        }
    }

    /** Lets others have what the peer has kept for too long. */
    void endOverdue() {
        long now = clock.nanoTime();
        List<PeerWish> overdue = new ArrayList<>();
        lock.lock();
        try {
            ofPeer.forEach(wish -> {
                if (wish.granted && now - wish.grantedNanos > GRANTED_NANOS_MAX) {
                    overdue.add(wish);
                }
            });
        } finally {
            lock.unlock();
        }
        overdue.forEach(this::end);
    }

    /** The connection has ended. */
    void end() {
        List<PeerWish> all = new ArrayList<>();
        lock.lock();
        try {
            ofPeer.forEach(all::add);
            ofPeer.clear();
        } finally {
            lock.unlock();
        }
        all.forEach(this::end);
    }
}
