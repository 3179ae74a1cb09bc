package dev.weft.meta.schema;

import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.Space;
import dev.weft.kv.Bytes;
import dev.weft.kv.Transaction;
import java.util.Optional;

/**
 * What trees have and may have, as one transaction sees and changes it. An inode counts from when it gets its first name to
 * when it loses its last one. Counters are added to without being read, so that creates in one tree do not conflict, unless
 * their number is limited: then it is exact, at that price.
 */
public final class Quotas {
    private final Transaction transaction;

    Quotas(Transaction transaction) {
        this.transaction = transaction;
    }

    /** The quota of a directory that has one of its own. */
    public StoredQuota of(long directoryId) {
        return find(directoryId).orElseThrow(() -> new IllegalStateException("inode " + directoryId + " has no quota"));
    }

    /** The same, empty for one without. */
    public Optional<StoredQuota> find(long directoryId) {
        return transaction.get(Keys.quota(directoryId)).map(value -> Records.decode(StoredQuotaCodec.CODEC, value));
    }

    /** Counts one more inode with its bytes, whether there is room for it or not. */
    public void chargeAgain(long directoryId, long bytes) {
        change(directoryId, 1, bytes);
    }

    public void put(long directoryId, StoredQuota quota) {
        transaction.put(Keys.quota(directoryId), Records.encode(StoredQuotaCodec.CODEC, quota));
    }

    public void remove(long directoryId) {
        transaction.clear(Keys.wholeQuota(directoryId));
    }

    public Space space(long directoryId) {
        StoredQuota quota = of(directoryId);
        return new Space(
                directoryId,
                counted(Keys.quotaInodes(directoryId)),
                counted(Keys.quotaBytes(directoryId)),
                quota.inodesMax(),
                quota.bytesMax());
    }

    /** Whether something counts against it yet, if only in a tree that is being collected. */
    public boolean isUsed(long directoryId) {
        return transaction
                        .get(Keys.quotaInodes(directoryId))
                        .map(Bytes::counter)
                        .orElse(0L)
                != 0;
    }

    /** Counts one more inode with its bytes, if there is room for it. */
    public void charge(long directoryId, long bytes) throws MetaException {
        for (long id = directoryId; id != 0; ) {
            StoredQuota quota = of(id);
            if (quota.inodesMax() != 0) {
                long inodes = transaction
                        .get(Keys.quotaInodes(id))
                        .map(Bytes::counter)
                        .orElse(0L);
                if (inodes >= quota.inodesMax()) {
                    throw MetaPath.fault(
                            Kind.QUOTA_EXCEEDED, inodes + " inodes of " + quota.inodesMax() + " below inode " + id);
                }
            }
            requireRoom(id, quota, bytes);
            add(id, 1, bytes);
            id = quota.outer();
        }
    }

    /** Counts one inode less. */
    public void release(long directoryId, long bytes) {
        change(directoryId, -1, -bytes);
    }

    /** A file became longer or shorter; that is too late to refuse it. */
    public void resize(long directoryId, long bytes) {
        if (bytes != 0) {
            change(directoryId, 0, bytes);
        }
    }

    /** Refuses what would need more bytes than a tree may have, or any at all if it has that many already. */
    public void requireRoom(long directoryId, long bytes) throws MetaException {
        for (long id = directoryId; id != 0; ) {
            StoredQuota quota = of(id);
            requireRoom(id, quota, bytes);
            id = quota.outer();
        }
    }

    private void requireRoom(long id, StoredQuota quota, long bytes) throws MetaException {
        if (quota.bytesMax() == 0 || bytes <= 0) {
            return;
        }
        long used = counted(Keys.quotaBytes(id));
        if (bytes > quota.bytesMax() - used) {
            throw MetaPath.fault(Kind.QUOTA_EXCEEDED, used + " bytes of " + quota.bytesMax() + " below inode " + id);
        }
    }

    private void change(long directoryId, int inodes, long bytes) {
        for (long id = directoryId; id != 0; id = of(id).outer()) {
            add(id, inodes, bytes);
        }
    }

    private void add(long id, int inodes, long bytes) {
        if (inodes != 0) {
            transaction.add(Keys.quotaInodes(id), inodes);
        }
        if (bytes != 0) {
            transaction.add(Keys.quotaBytes(id), bytes);
        }
    }

    private long counted(Bytes key) {
        return transaction.snapshotGet(key).map(Bytes::counter).orElse(0L);
    }
}
