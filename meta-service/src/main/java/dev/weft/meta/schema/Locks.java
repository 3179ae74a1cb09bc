package dev.weft.meta.schema;

import dev.weft.api.meta.FileLock;
import dev.weft.kv.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Locks on files as one transaction sees and changes them. A lock counts while the lease of its client lasts. */
public final class Locks {
    private final Transaction transaction;
    private final Instant now;

    public Locks(Transaction transaction, Instant now) {
        this.transaction = transaction;
        this.now = now;
    }

    /** Those that are held. */
    public List<FileLock> of(long inodeId) {
        Map<UUID, Boolean> live = new HashMap<>();
        return transaction
                .get(Keys.locks(inodeId))
                .map(value -> Records.decode(StoredLocksCodec.CODEC, value).locks())
                .orElse(List.of())
                .stream()
                .filter(lock -> live.computeIfAbsent(lock.client(), this::isLive))
                .toList();
    }

    private boolean isLive(UUID client) {
        return transaction
                .get(Keys.lease(client))
                .map(value -> Records.decode(StoredLeaseCodec.CODEC, value))
                .filter(lease -> lease.until().isAfter(now))
                .isPresent();
    }

    public void put(long inodeId, List<FileLock> locks) {
        if (locks.isEmpty()) {
            transaction.remove(Keys.locks(inodeId));
        } else {
            transaction.put(Keys.locks(inodeId), Records.encode(StoredLocksCodec.CODEC, new StoredLocks(locks)));
        }
    }

    /** A lease that has run out does not come back: its locks may have gone to others. */
    public boolean renew(UUID client, Instant until) {
        Optional<StoredLease> lease =
                transaction.get(Keys.lease(client)).map(value -> Records.decode(StoredLeaseCodec.CODEC, value));
        boolean held = lease.isPresent() && lease.get().until().isAfter(now);
        if (held) {
            begin(client, until);
        }
        return held;
    }

    public void begin(UUID client, Instant until) {
        transaction.put(Keys.lease(client), Records.encode(StoredLeaseCodec.CODEC, new StoredLease(until)));
    }

    public void end(UUID client) {
        transaction.remove(Keys.lease(client));
    }

    /** What an owner has left after it gave up, or takes anew, the part of the file that {@code part} covers. */
    public static List<FileLock> without(List<FileLock> locks, FileLock part) {
        List<FileLock> left = new ArrayList<>();
        for (FileLock lock : locks) {
            if (!lock.isOf(part.client(), part.owner(), part.kind()) || !lock.overlaps(part)) {
                left.add(lock);
                continue;
            }
            if (lock.start() < part.start()) {
                left.add(lock.of(lock.start(), part.start()));
            }
            if (part.end() < lock.end()) {
                left.add(lock.of(part.end(), lock.end()));
            }
        }
        return left;
    }
}
