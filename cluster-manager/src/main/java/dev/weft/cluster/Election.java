package dev.weft.cluster;

import dev.weft.kv.Bytes;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.Transaction;
import dev.weft.rpc.Clock;
import dev.weft.rpc.Environment;
import java.time.Duration;
import java.util.List;

/**
 * Which manager is the primary: a lease in the store that its holder renews.
 *
 * <p>No two clocks are compared. The holder acts for three quarters of the length of the lease from when it <em>began</em> its
 * last renewal. Another manager takes the lease over once it has seen it unchanged for the whole length by its own clock,
 * and counts from when it had read it. So the holder has stopped before, unless a clock runs a quarter too slow; and should
 * it not have noticed, the term in the store fences its writes ({@link FencedStore}).
 *
 * <pre>
 *   "CL" -> LeaseRecord      "CE" -> term, 8 bytes, big-endian
 * </pre>
 *
 * For one thread, but for {@link #isHeld} and {@link #seen}.
 */
final class Election {
    static final Bytes LEASE = Bytes.ofUtf8("CL");

    private final ManagerSeat seat;
    private final Duration length;
    private final KeyValueStore store;
    private final Clock clock;

    /** Names this start of this manager. */
    private final long holder;

    /** The last record read or written, and since when it has not changed. */
    private volatile LeaseRecord seen = LeaseRecord.NONE;

    private long seenNanos;
    private boolean everHeld;

    /** Whether the term that we hold has to end, and be followed by another one of ours. */
    private volatile boolean renewing;

    /** Until when we may act; meaningful while {@code seen} is ours. */
    private volatile long endNanos;

    Election(ManagerSeat seat, Duration length, KeyValueStore store, Environment environment) {
        this.seat = seat;
        this.length = length;
        this.store = store;
        this.clock = environment.clock();
        this.holder = environment.random().nextLong();
        this.seenNanos = clock.nanoTime();
        this.endNanos = seenNanos;
    }

    /** Whether we may act as the primary now. */
    boolean isHeld() {
        return isOurs(seen) && endNanos - clock.nanoTime() > 0;
    }

    /** Until when we may act, or might have. */
    long endNanos() {
        return endNanos;
    }

    /** The lease as it was last seen. */
    LeaseRecord seen() {
        return seen;
    }

    /**
     * Takes a new term in the next round although we hold one: whatever is still on its way to the store in the old one is
     * refused there from then on.
     */
    void renew() {
        renewing = true;
    }

    boolean isOurs(LeaseRecord record) {
        return record.holder() == holder && !record.isFree();
    }

    /**
     * Renews the lease, takes it over, or looks whether its holder lives.
     *
     * @return the record now stored
     */
    LeaseRecord round() throws InterruptedException {
        long begun = clock.nanoTime();
        boolean renew = renewing;
        LeaseRecord stored = store.run(tx -> step(tx, begun, renew));
        if (renew) {
            renewing = false;
        }
        if (!stored.equals(seen)) {
            seenNanos = clock.nanoTime();
        }
        if (isOurs(stored)) {
            everHeld = true;
            endNanos = begun + length.toNanos() / 4 * 3;
        }
        seen = stored;
        return stored;
    }

    /** Runs again after a commit of unknown outcome, and then finds its own record, which it renews. */
    private LeaseRecord step(Transaction tx, long now, boolean renew) {
        LeaseRecord stored = read(tx);
        LeaseRecord next;
        boolean hold = isOurs(stored) && !renew;
        if (hold && seat.alone()) {
            // Nobody watches us.
            return stored;
        }
        if (hold) {
            next = new LeaseRecord(stored.term(), seat.managerId(), holder, seat.addresses(), stored.beat() + 1);
        } else if (isOurs(stored) || mayTake(stored, now)) {
            long term = Math.max(stored.term(), FencedStore.term(tx)) + 1;
            tx.put(FencedStore.TERM, Bytes.ofLong(term));
            next = new LeaseRecord(term, seat.managerId(), holder, seat.addresses(), 1);
        } else {
            return stored;
        }
        tx.put(LEASE, FencedStore.encode(LeaseRecordCodec.CODEC, next));
        return next;
    }

    private boolean mayTake(LeaseRecord stored, long now) {
        boolean leftByOurself = seat.alone() && !everHeld;
        return stored.isFree() || leftByOurself || (stored.equals(seen) && now - seenNanos >= length.toNanos());
    }

    private static LeaseRecord read(Transaction tx) {
        return tx.get(LEASE)
                .map(value -> FencedStore.decode(LeaseRecordCodec.CODEC, value))
                .orElse(LeaseRecord.NONE);
    }

    /** Gives the lease back, so that nobody has to wait for its end. We may not act any more, whether this succeeds or not. */
    void release() throws InterruptedException {
        LeaseRecord mine = seen;
        seen = LeaseRecord.NONE;
        if (isOurs(mine)) {
            store.run(tx -> {
                LeaseRecord stored = read(tx);
                if (isOurs(stored)) {
                    LeaseRecord free = new LeaseRecord(stored.term(), 0, 0, List.of(), stored.beat() + 1);
                    tx.put(LEASE, FencedStore.encode(LeaseRecordCodec.CODEC, free));
                }
                return stored;
            });
        }
    }
}
