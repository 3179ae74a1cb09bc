package dev.weft.kv.ratis;

import dev.weft.kv.Bytes;
import dev.weft.kv.CommitResult;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.engine.Commit;
import dev.weft.kv.engine.CommitQueue;
import dev.weft.kv.engine.CommitQueue.Pending;
import dev.weft.kv.engine.ConflictWindow;
import dev.weft.kv.engine.Versionstamp;
import dev.weft.rpc.Clock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Decides on commits at the peer that leads, and puts those that may be done in log entries, many in one.
 *
 * <p>Conflicts are found here and not where entries take effect, since only here is it cheap: peers need no window of recent
 * commits that is the same on all of them, and read ranges stay out of the log. What makes it right is that all entries of a
 * term come from one proposer, in the order of its decisions, and that an entry names its term and the version it builds on and
 * counts for nothing if either is another ({@link CommitGroup}). After any entry that did not take effect, or a change of the
 * leader, the proposer begins anew from what the store has: whoever read before that conflicts as too old.
 *
 * <p>One platform thread decides; answers come on threads of Ratis, which do no more than wake the waiters.
 */
final class Proposer implements Commit.Committer, AutoCloseable {
    /** What this peer is at the moment, as Ratis has it. */
    interface Peer {
        /** The term in which this peer leads and has all earlier entries applied; empty if it does not. */
        OptionalLong leadingTerm();

        /** Version of the store after the entries applied so far. */
        long version();

        /**
         * Sends an entry on its way; entries keep their order.
         *
         * @return later: whether it took effect; failed if that is not known
         */
        CompletableFuture<Boolean> propose(ByteBuffer entry);
    }

    private record Accepted(Pending pending, long version, Bytes versionstamp) {}

    private final Peer peer;
    private final StoreLimits limits;
    private final Clock clock;
    private final CommitQueue queue;
    private final Semaphore flights;
    private final int flightsMax;

    /** An entry has not taken effect as planned, so what has been decided since rests on nothing. */
    private volatile boolean derailed;

    /** Term, version and window are the queue's thread's only. */
    private long term = -1;

    private long version;

    private @Nullable ConflictWindow window;

    Proposer(Peer peer, RatisConfig config, StoreLimits limits, Clock clock) {
        this.peer = peer;
        this.limits = limits;
        this.clock = clock;
        this.flightsMax = config.entriesInFlightMax();
        this.flights = new Semaphore(flightsMax);
        this.queue = new CommitQueue("weft-kv-propose-" + config.self(), limits, config.entryBytesMax(), this::decide);
    }

    void start() {
        queue.start();
    }

    @Override
    public CommitResult commit(Commit commit) throws InterruptedException {
        return queue.commit(commit);
    }

    @Override
    public void close() {
        queue.close();
    }

    private void decide(List<Pending> group) {
        flights.acquireUninterruptibly();
        boolean sent = false;
        try {
            sent = proposed(group);
        } catch (RuntimeException e) {
            // The peer has been closed meanwhile, or this is a bug: nobody may wait for ever.
            derailed = true;
            group.stream()
                    .filter(pending -> !pending.isFinished())
                    .forEach(pending -> pending.finish(new CommitResult.MaybeCommitted(e)));
        } finally {
            if (!sent) {
                flights.release();
            }
        }
    }

    /** Whether an entry is on its way; those of the group that are not in it are finished. */
    private boolean proposed(List<Pending> group) {
        ConflictWindow known = windowOfThisTerm();
        if (known == null) {
            group.forEach(pending -> pending.finish(new CommitResult.Conflicted(CommitResult.Reason.TOO_OLD)));
            return false;
        }
        CommitGroup.Builder entry = new CommitGroup.Builder(term, version);
        List<Accepted> accepted = new ArrayList<>(group.size());
        for (Pending pending : group) {
            switch (known.check(pending.commit().readVersion(), pending.commit().reads())) {
                case FREE -> accepted.add(accept(pending, known, entry));
                case READ_CHANGED -> pending.finish(new CommitResult.Conflicted(CommitResult.Reason.READ_CHANGED));
                case TOO_OLD -> pending.finish(new CommitResult.Conflicted(CommitResult.Reason.TOO_OLD));
            }
        }
        if (accepted.isEmpty()) {
            return false;
        }
        send(entry.build(), accepted);
        return true;
    }

    private Accepted accept(Pending pending, ConflictWindow known, CommitGroup.Builder entry) {
        version++;
        Bytes stamp = Versionstamp.of(version);
        entry.add(pending.commit().writes(), stamp);
        known.record(version, pending.commit().writes(), stamp, clock.nanoTime());
        return new Accepted(pending, version, stamp);
    }

    private void send(ByteBuffer entry, List<Accepted> accepted) {
        var _ = peer.propose(entry).whenComplete((applied, failure) -> {
            for (Accepted member : accepted) {
                member.pending().finish(resultOf(member, applied, failure));
            }
            if (failure != null || !applied) {
                derailed = true;
            }
            flights.release();
        });
    }

    private static CommitResult resultOf(Accepted member, @Nullable Boolean applied, @Nullable Throwable failure) {
        if (applied == null) {
            Throwable cause = failure == null ? new IllegalStateException("no answer") : failure;
            return new CommitResult.MaybeCommitted(cause);
        }
        return applied
                ? new CommitResult.Committed(member.version(), member.versionstamp())
                : new CommitResult.Conflicted(CommitResult.Reason.TOO_OLD);
    }

    /** Null if this peer does not lead. One flight is held, for the entry to come. */
    private @Nullable ConflictWindow windowOfThisTerm() {
        OptionalLong now = peer.leadingTerm();
        if (now.isEmpty()) {
            return null;
        }
        if (window == null || derailed || now.getAsLong() != term) {
            // Every other entry has an answer once all flights are free.
            flights.acquireUninterruptibly(flightsMax - 1);
            flights.release(flightsMax - 1);
            derailed = false;
            term = now.getAsLong();
            version = peer.version();
            window = new ConflictWindow(version, limits.windowBytesMax(), limits.windowAge());
        }
        return window;
    }
}
