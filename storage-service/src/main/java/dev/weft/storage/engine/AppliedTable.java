package dev.weft.storage.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.storage.engine.DiskIndex.IndexChange;
import dev.weft.storage.engine.IndexRecords.Remembered;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * The last committed change of each channel of each client, by target; those of the channels that have been silent the
 * longest go when a target has more than a limit.
 *
 * <p>The engine has no clock that goes on over restarts. So it numbers what it remembers, and whoever has a clock asks it to
 * forget what has a lower number than there was at some time.
 */
final class AppliedTable {
    /** Numbers that a loss of power may have taken back; they are not given out again, or marks would be wrong. */
    private static final long UNFORCED_MAX = 1 << 20;

    private final int perTargetMax;
    private final ReentrantLock lock = new ReentrantLock();

    /** The oldest first. */
    @GuardedBy("lock")
    private final Map<Long, SequencedMap<Writer, Remembered>> targets = new HashMap<>();

    @GuardedBy("lock")
    private long order;

    AppliedTable(int perTargetMax) {
        this.perTargetMax = perTargetMax;
    }

    /** Takes what the index has, in any order. */
    void load(List<Remembered> records) {
        lock.lock();
        try {
            for (Remembered record : records.stream()
                    .sorted(Comparator.comparingLong(Remembered::order))
                    .toList()) {
                Applied done = record.applied();
                of(done.target()).putLast(Writer.of(done.writer()), record);
                order = record.order() + UNFORCED_MAX;
            }
        } finally {
            lock.unlock();
        }
    }

    Optional<Applied> get(long target, WriteId writer) {
        lock.lock();
        try {
            SequencedMap<Writer, Remembered> all = targets.get(target);
            return Optional.ofNullable(all == null ? null : all.get(Writer.of(writer)))
                    .map(Remembered::applied);
        } finally {
            lock.unlock();
        }
    }

    List<Applied> all(long target) {
        lock.lock();
        try {
            SequencedMap<Writer, Remembered> all = targets.get(target);
            return all == null
                    ? List.of()
                    : all.values().stream().map(Remembered::applied).toList();
        } finally {
            lock.unlock();
        }
    }

    int count(long target) {
        lock.lock();
        try {
            SequencedMap<Writer, Remembered> all = targets.get(target);
            return all == null ? 0 : all.size();
        } finally {
            lock.unlock();
        }
    }

    /** Number of what was remembered last. */
    long mark() {
        lock.lock();
        try {
            return order;
        } finally {
            lock.unlock();
        }
    }

    /** Remembers a change, unless a later one of the channel is known; returns what the index must hear of it. */
    List<IndexChange> remember(Applied done) {
        lock.lock();
        try {
            SequencedMap<Writer, Remembered> all = of(done.target());
            Writer writer = Writer.of(done.writer());
            Remembered known = all.get(writer);
            if (known != null
                    && known.applied().writer().sequence() > done.writer().sequence()) {
                return List.of();
            }
            all.putLast(writer, new Remembered(done, ++order));
            List<IndexChange> changes = new ArrayList<>(2);
            changes.add(new IndexChange(
                    IndexRecords.appliedKey(done.target(), done.writer()), IndexRecords.appliedValue(done, order)));
            if (all.size() > perTargetMax) {
                changes.add(removal(all.pollFirstEntry().getValue().applied()));
            }
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets what was remembered up to a mark, of the clients that are accepted; returns what the index must hear of it. */
    List<IndexChange> forget(long target, long mark, Predicate<UUID> client) {
        lock.lock();
        try {
            List<IndexChange> changes = new ArrayList<>();
            Iterator<Remembered> oldest = of(target).values().iterator();
            while (oldest.hasNext()) {
                Remembered next = oldest.next();
                if (next.order() > mark) {
                    break;
                }
                if (client.test(next.applied().writer().client())) {
                    oldest.remove();
                    changes.add(removal(next.applied()));
                }
            }
            return changes;
        } finally {
            lock.unlock();
        }
    }

    private static IndexChange removal(Applied done) {
        return new IndexChange(IndexRecords.appliedKey(done.target(), done.writer()), null);
    }

    @GuardedBy("lock")
    private SequencedMap<Writer, Remembered> of(long target) {
        return targets.computeIfAbsent(target, _ -> new LinkedHashMap<>());
    }

    private record Writer(UUID client, int channel) {
        static Writer of(WriteId id) {
            return new Writer(id.client(), id.channel());
        }
    }
}
