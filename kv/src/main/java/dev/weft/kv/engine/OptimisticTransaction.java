package dev.weft.kv.engine;

import dev.weft.kv.Bytes;
import dev.weft.kv.CommitResult;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A transaction of any engine of this module: a snapshot, the ranges read from it, and the writes over it. */
public final class OptimisticTransaction implements Transaction {
    /** Rough cost of one remembered operation beside its keys and value. */
    private static final int OPERATION_OVERHEAD_BYTES = 32;

    private static final Bytes RESERVED = Bytes.wrap(new byte[] {(byte) 0xff});

    private final Snapshot snapshot;
    private final Commit.Committer committer;
    private final StoreLimits limits;
    private final WriteSet writes = new WriteSet();
    private final List<KeyRange> reads = new ArrayList<>();

    /** What the snapshot has at some keys. */
    private Map<Bytes, Optional<Bytes>> prefetched = Map.of();

    private long bytes;
    private boolean spent;

    public OptimisticTransaction(Snapshot snapshot, Commit.Committer committer, StoreLimits limits) {
        this.snapshot = snapshot;
        this.committer = committer;
        this.limits = limits;
    }

    @Override
    public long readVersion() {
        return snapshot.version();
    }

    @Override
    public Optional<Bytes> get(Bytes key) {
        return get(key, true);
    }

    @Override
    public Optional<Bytes> snapshotGet(Bytes key) {
        return get(key, false);
    }

    private Optional<Bytes> get(Bytes key, boolean conflicting) {
        checkOpen();
        checkKey(key);
        return switch (writes.mutationOf(key)) {
            case Mutation.Put(Bytes value) -> Optional.of(value);
            case Mutation.Remove() -> Optional.empty();
            case Mutation.Add(long delta) -> Optional.of(Counter.add(read(key, conflicting), delta));
            case null -> Optional.ofNullable(read(key, conflicting));
        };
    }

    private @Nullable Bytes read(Bytes key, boolean conflicting) {
        if (conflicting) {
            recordRead(KeyRange.of(key));
        }
        Optional<Bytes> known = prefetched.get(key);
        return known == null ? snapshot.get(key) : known.orElse(null);
    }

    @Override
    public void prefetch(Collection<Bytes> keys) {
        checkOpen();
        List<Bytes> missing = new ArrayList<>(keys.size());
        for (Bytes key : keys) {
            checkKey(key);
            if (!prefetched.containsKey(key)) {
                missing.add(key);
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        if (prefetched.isEmpty()) {
            prefetched = HashMap.newHashMap(missing.size());
        }
        List<Optional<Bytes>> values = snapshot.getAll(missing);
        for (int i = 0; i < missing.size(); i++) {
            prefetched.put(missing.get(i), values.get(i));
        }
    }

    @Override
    public List<KeyValue> range(KeyRange range, int limit) {
        List<KeyValue> found = snapshotRange(range, limit);
        boolean all = found.size() < limit;
        recordRead(
                all ? range : new KeyRange(range.begin(), found.getLast().key().next()));
        return found;
    }

    @Override
    public List<KeyValue> snapshotRange(KeyRange range, int limit) {
        checkOpen();
        checkRange(range);
        if (limit < 1) {
            throw new IllegalArgumentException("limit " + limit + " of a range is below 1");
        }
        List<KeyValue> found = new ArrayList<>();
        try (Snapshot.Cursor stored = snapshot.scan(range)) {
            MergedCursor merged = new MergedCursor(stored, writes, range);
            for (KeyValue entry = merged.next(); entry != null; entry = merged.next()) {
                found.add(entry);
                if (found.size() == limit) {
                    break;
                }
            }
        }
        return found;
    }

    @Override
    public void addReadConflict(KeyRange range) {
        checkOpen();
        checkRange(range);
        recordRead(range);
    }

    @Override
    public void put(Bytes key, Bytes value) {
        checkOpen();
        checkKey(key);
        checkValue(value);
        charge(key.length() + value.length());
        writes.put(key, value);
    }

    @Override
    public void remove(Bytes key) {
        checkOpen();
        checkKey(key);
        charge(key.length());
        writes.remove(key);
    }

    @Override
    public void clear(KeyRange range) {
        checkOpen();
        checkRange(range);
        if (!range.isEmpty()) {
            charge(range.begin().length() + range.end().length());
            writes.clear(range);
        }
    }

    @Override
    public void add(Bytes key, long delta) {
        checkOpen();
        checkKey(key);
        charge(key.length() + Long.BYTES);
        writes.add(key, delta);
    }

    @Override
    public void putStamped(Bytes prefix, Bytes suffix, Bytes value) {
        checkOpen();
        checkKey(Bytes.concat(prefix, Versionstamp.of(0), suffix));
        checkValue(value);
        charge(prefix.length() + Versionstamp.BYTES + suffix.length() + value.length());
        writes.putStamped(prefix, suffix, value);
    }

    @Override
    public CommitResult commit() throws InterruptedException {
        checkOpen();
        if (writes.isEmpty()) {
            close();
            return new CommitResult.Committed(snapshot.version(), Versionstamp.of(snapshot.version()));
        }
        // Given back first: most engines do not need the snapshot to commit, and the wait may be long.
        spent = true;
        snapshot.releaseForCommit();
        return committer.commit(new Commit(snapshot.version(), reads, writes, (int) bytes));
    }

    @Override
    public void close() {
        if (!spent) {
            spent = true;
            snapshot.release();
        }
    }

    /** Whether a read has failed in a way that running the transaction again mends. */
    boolean isLost() {
        return snapshot.isLost();
    }

    private void recordRead(KeyRange range) {
        if (!range.isEmpty()) {
            charge(range.begin().length() + range.end().length());
            reads.add(range);
        }
    }

    private void checkOpen() {
        if (spent) {
            throw new IllegalStateException("the transaction has been committed or closed");
        }
    }

    private void checkKey(Bytes key) {
        if (key.length() == 0 || key.length() > limits.keyBytesMax()) {
            throw new IllegalArgumentException(
                    "key of " + key.length() + " bytes, must have 1 to " + limits.keyBytesMax());
        }
        if (key.startsWith(RESERVED)) {
            throw new IllegalArgumentException("key " + key + " begins with the reserved byte ff");
        }
    }

    private void checkRange(KeyRange range) {
        // One byte more than a key, for the end of a range that includes the longest key.
        if (range.begin().length() > limits.keyBytesMax() + 1 || range.end().length() > limits.keyBytesMax() + 1) {
            throw new IllegalArgumentException("a border of the range is longer than " + limits.keyBytesMax()
                    + " bytes: " + range.begin().length() + ", " + range.end().length());
        }
        if (range.end().compareTo(RESERVED) > 0) {
            throw new IllegalArgumentException("range ends at " + range.end() + ", above the reserved byte ff");
        }
    }

    private void checkValue(Bytes value) {
        if (value.length() > limits.valueBytesMax()) {
            throw new IllegalArgumentException(
                    "value of " + value.length() + " bytes exceeds " + limits.valueBytesMax());
        }
    }

    private void charge(int more) {
        bytes += more + OPERATION_OVERHEAD_BYTES;
        if (bytes > limits.transactionBytesMax()) {
            throw new IllegalArgumentException(
                    "transaction of " + bytes + " bytes exceeds " + limits.transactionBytesMax());
        }
    }
}
