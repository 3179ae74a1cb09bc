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

/**
 * The last committed change of each channel of each client, by target; those of the channels that have been silent the
 * longest go when a target has more than a limit.
 *
 * <p>A count and not an age: the engine has no clock that goes on over restarts, and who has no bound on how many
 * there are has none on memory either. A channel repeats a change for minutes at most, so that a limit of many
 * times the channels that write in minutes never drops one that is needed.
 */
final class AppliedTable {
    private final int perTargetMax;
    private final ReentrantLock lock = new ReentrantLock();

    /** The oldest first. */
    @GuardedBy("lock")
    private final Map<Long, SequencedMap<Writer, Applied>> targets = new HashMap<>();

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
                of(done.target()).putLast(Writer.of(done.writer()), done);
                order = record.order();
            }
        } finally {
            lock.unlock();
        }
    }

    Optional<Applied> get(long target, WriteId writer) {
        lock.lock();
        try {
            SequencedMap<Writer, Applied> all = targets.get(target);
            return all == null ? Optional.empty() : Optional.ofNullable(all.get(Writer.of(writer)));
        } finally {
            lock.unlock();
        }
    }

    List<Applied> all(long target) {
        lock.lock();
        try {
            SequencedMap<Writer, Applied> all = targets.get(target);
            return all == null ? List.of() : List.copyOf(all.values());
        } finally {
            lock.unlock();
        }
    }

    /** What the index must hear so that a change is remembered; nothing if a later one of the channel is known. */
    List<IndexChange> changes(Applied done) {
        lock.lock();
        try {
            SequencedMap<Writer, Applied> all = of(done.target());
            Applied known = all.get(Writer.of(done.writer()));
            if (known != null && known.writer().sequence() > done.writer().sequence()) {
                return List.of();
            }
            List<IndexChange> changes = new ArrayList<>(2);
            changes.add(new IndexChange(
                    IndexRecords.appliedKey(done.target(), done.writer()), IndexRecords.appliedValue(done, ++order)));
            if (known == null && all.size() >= perTargetMax) {
                changes.add(removal(all.firstEntry().getValue()));
            }
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /** The index has it now. */
    void remember(Applied done) {
        lock.lock();
        try {
            SequencedMap<Writer, Applied> all = of(done.target());
            Writer writer = Writer.of(done.writer());
            Applied known = all.get(writer);
            if (known != null && known.writer().sequence() > done.writer().sequence()) {
                return;
            }
            all.putLast(writer, done);
            Iterator<Applied> oldest = all.values().iterator();
            while (all.size() > perTargetMax) {
                oldest.next();
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    static IndexChange removal(Applied done) {
        return new IndexChange(IndexRecords.appliedKey(done.target(), done.writer()), null);
    }

    void forget(long target) {
        lock.lock();
        try {
            targets.remove(target);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private SequencedMap<Writer, Applied> of(long target) {
        return targets.computeIfAbsent(target, _ -> new LinkedHashMap<>());
    }

    private record Writer(UUID client, int channel) {
        static Writer of(WriteId id) {
            return new Writer(id.client(), id.channel());
        }
    }
}
