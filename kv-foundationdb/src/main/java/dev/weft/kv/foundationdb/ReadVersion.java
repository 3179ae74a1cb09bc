package dev.weft.kv.foundationdb;

import com.apple.foundationdb.Database;
import com.apple.foundationdb.FDBException;
import com.apple.foundationdb.Transaction;
import com.apple.foundationdb.async.AsyncIterator;
import dev.weft.kv.Bytes;
import dev.weft.kv.CommitResult;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.engine.Commit;
import dev.weft.kv.engine.Snapshot;
import dev.weft.rpc.RpcException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A transaction of FoundationDB, used for reads of its version and in the end to commit what was gathered beside it. For one
 * thread.
 */
final class ReadVersion implements Snapshot {
    private final Transaction transaction;
    private final Bytes prefix;
    private final long version;
    private final Runnable onRelease;
    private final AtomicBoolean released = new AtomicBoolean();
    private boolean lost;

    private ReadVersion(Transaction transaction, Bytes prefix, long version, Runnable onRelease) {
        this.transaction = transaction;
        this.prefix = prefix;
        this.version = version;
        this.onRelease = onRelease;
    }

    static ReadVersion begin(Database database, Bytes prefix, Runnable onRelease) {
        Transaction transaction = database.createTransaction();
        try {
            // Own writes are kept beside it until the commit.
            transaction.options().setReadYourWritesDisable();
            long version = transaction.getReadVersion().join();
            return new ReadVersion(transaction, prefix, version, onRelease);
        } catch (CompletionException | FDBException e) {
            transaction.close();
            throw Errors.ofRead(Errors.codeOf(e), e);
        }
    }

    @Override
    public long version() {
        return version;
    }

    @Override
    public boolean isLost() {
        return lost;
    }

    @Override
    public @Nullable Bytes get(Bytes key) {
        byte[] value = read(() -> transaction.snapshot().get(inCluster(key)).join());
        return value == null ? null : Bytes.wrap(value);
    }

    @Override
    public List<Optional<Bytes>> getAll(List<Bytes> keys) {
        // All are on their way before the first is waited for.
        List<CompletableFuture<byte[]>> values = keys.stream()
                .map(key -> transaction.snapshot().get(inCluster(key)))
                .toList();
        return read(() -> values.stream()
                .map(value -> Optional.ofNullable(value.join()).map(Bytes::wrap))
                .toList());
    }

    @Override
    public Cursor scan(KeyRange range) {
        AsyncIterator<com.apple.foundationdb.KeyValue> entries = transaction
                .snapshot()
                .getRange(inCluster(range.begin()), inCluster(range.end()))
                .iterator();
        return new Cursor() {
            @Override
            public @Nullable KeyValue next() {
                return read(() -> {
                    if (!entries.hasNext()) {
                        return null;
                    }
                    com.apple.foundationdb.KeyValue entry = entries.next();
                    return new KeyValue(Bytes.wrap(entry.getKey()).from(prefix.length()), Bytes.wrap(entry.getValue()));
                });
            }

            @Override
            public void close() {
                entries.cancel();
            }
        };
    }

    private <T extends @Nullable Object> T read(Supplier<T> read) {
        try {
            return read.get();
        } catch (CompletionException | FDBException e) {
            RpcException failure = Errors.ofRead(Errors.codeOf(e), e);
            lost = Errors.isLost(failure);
            throw failure;
        }
    }

    CommitResult commit(Commit commit) {
        try {
            for (KeyRange range : commit.reads()) {
                transaction.addReadConflictRange(inCluster(range.begin()), inCluster(range.end()));
            }
            commit.writes().forEach(new Writes(transaction, prefix));
            // Has to be asked for before the commit, and is there after it.
            CompletableFuture<byte[]> stamp = transaction.getVersionstamp();
            transaction.commit().join();
            return new CommitResult.Committed(transaction.getCommittedVersion(), Bytes.wrap(stamp.join()));
        } catch (CompletionException | FDBException e) {
            return Errors.ofCommit(Errors.codeOf(e), e);
        }
    }

    private byte[] inCluster(Bytes key) {
        return Bytes.concat(prefix, key).unsafeArray();
    }

    @Override
    public void release() {
        if (!released.getAndSet(true)) {
            transaction.close();
            onRelease.run();
        }
    }

    @Override
    public void releaseForCommit() {
        // Needed until then.
    }
}
