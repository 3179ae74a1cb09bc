package dev.weft.kv.engine;

import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** One version of the data, shared by all transactions that read it; the newest one is held by the store as well. */
public final class RocksDbSnapshot implements Snapshot {
    private final RocksDbFiles files;
    private final long version;
    private final org.rocksdb.Snapshot snapshot;
    private final ReadOptions options;
    private final AtomicInteger holders = new AtomicInteger(1);

    RocksDbSnapshot(RocksDbFiles files, long version) {
        files.retain();
        this.files = files;
        this.version = version;
        this.snapshot = files.database.getSnapshot();
        this.options = new ReadOptions().setSnapshot(snapshot);
    }

    /** False if the last holder has gone already. */
    boolean retain() {
        int count = holders.get();
        while (count > 0 && !holders.compareAndSet(count, count + 1)) {
            count = holders.get();
        }
        return count > 0;
    }

    @Override
    public void release() {
        if (holders.decrementAndGet() == 0) {
            options.close();
            files.database.releaseSnapshot(snapshot);
            files.release();
        }
    }

    @Override
    public long version() {
        return version;
    }

    @Override
    public @Nullable Bytes get(Bytes key) {
        try {
            byte[] value = files.database.get(files.data, options, key.unsafeArray());
            return value == null ? null : Bytes.wrap(value);
        } catch (RocksDBException e) {
            throw new IllegalStateException("cannot read key " + key, e);
        }
    }

    @Override
    public List<Optional<Bytes>> getAll(List<Bytes> keys) {
        try {
            List<byte[]> values = files.database.multiGetAsList(
                    options,
                    Collections.nCopies(keys.size(), files.data),
                    keys.stream().map(Bytes::unsafeArray).toList());
            return values.stream()
                    .map(value -> Optional.ofNullable(value).map(Bytes::wrap))
                    .toList();
        } catch (RocksDBException e) {
            throw new IllegalStateException("cannot read " + keys.size() + " keys", e);
        }
    }

    @Override
    public Cursor scan(KeyRange range) {
        return new IteratorCursor(range);
    }

    private final class IteratorCursor implements Cursor {
        private final Slice end;
        private final ReadOptions bounded;
        private final RocksIterator iterator;

        IteratorCursor(KeyRange range) {
            end = new Slice(range.end().unsafeArray());
            bounded = new ReadOptions().setSnapshot(snapshot).setIterateUpperBound(end);
            iterator = files.database.newIterator(files.data, bounded);
            iterator.seek(range.begin().unsafeArray());
        }

        @Override
        public @Nullable KeyValue next() {
            if (!iterator.isValid()) {
                try {
                    iterator.status();
                } catch (RocksDBException e) {
                    throw new IllegalStateException("cannot read a range", e);
                }
                return null;
            }
            KeyValue entry = new KeyValue(Bytes.wrap(iterator.key()), Bytes.wrap(iterator.value()));
            iterator.next();
            return entry;
        }

        @Override
        public void close() {
            iterator.close();
            bounded.close();
            end.close();
        }
    }
}
