package dev.weft.kv.engine;

import dev.weft.kv.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractImmutableNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.UInt64AddOperator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The database below a {@link RocksDbKeyValueStore} and the snapshot of its newest version.
 *
 * <p>Format 1: the column family {@code default} has keys and values as they are; {@code store} has {@code format} (one
 * byte, 1) and {@code version} (of the last commit, eight bytes, big-endian).
 *
 * <p>The native database is closed when the last user is gone: the store itself and every snapshot count, so that a
 * transaction that outlives the store does not touch freed memory.
 */
public final class RocksDbFiles implements AutoCloseable {
    private static final byte FORMAT = 1;
    /** For blocks of keys and values that are read often. */
    private static final long CACHE_BYTES = 256 << 20;

    /** For each key; one of a hundred keys that are not there is looked for in vain. */
    private static final double FILTER_BITS = 10;

    private static final Bytes FORMAT_KEY = Bytes.ofUtf8("format");
    private static final Bytes VERSION_KEY = Bytes.ofUtf8("version");

    final RocksDB database;
    final ColumnFamilyHandle data;
    private final ColumnFamilyHandle state;

    /** In closing order, before the database. */
    private final List<AbstractImmutableNativeReference> handles;

    /** Options that must outlive the database. */
    private final List<AbstractImmutableNativeReference> options;

    private final WriteOptions writes;
    private final AtomicInteger users = new AtomicInteger(1);

    /** Null before the store is open and after it is closed; between, written by the committer's thread only. */
    private volatile @Nullable RocksDbSnapshot newest;

    private RocksDbFiles(
            RocksDB database,
            List<ColumnFamilyHandle> handles,
            List<AbstractImmutableNativeReference> options,
            boolean synced) {
        this.database = database;
        this.data = handles.get(0);
        this.state = handles.get(1);
        this.handles = List.copyOf(handles);
        this.options = options;
        this.writes = new WriteOptions().setSync(synced);
    }

    /** Opens or makes the database in {@code folder}, whose writes are durable when they return. */
    public static RocksDbFiles open(Path folder) throws IOException {
        return open(folder, true);
    }

    /** As {@link #open}, but writes may be lost, newest first, when the machine fails: for what a log can do again. */
    public static RocksDbFiles openUnsynced(Path folder) throws IOException {
        return open(folder, false);
    }

    private static RocksDbFiles open(Path folder, boolean synced) throws IOException {
        RocksDB.loadLibrary();
        Files.createDirectories(folder);
        UInt64AddOperator addition = new UInt64AddOperator();
        LRUCache cache = new LRUCache(CACHE_BYTES);
        BloomFilter filter = new BloomFilter(FILTER_BITS);
        // Indexes and filters in the cache too, so that it bounds all that the number of keys makes grow.
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setFilterPolicy(filter)
                .setCacheIndexAndFilterBlocks(true)
                .setPinL0FilterAndIndexBlocksInCache(true);
        ColumnFamilyOptions dataOptions =
                new ColumnFamilyOptions().setMergeOperator(addition).setTableFormatConfig(table);
        ColumnFamilyOptions stateOptions = new ColumnFamilyOptions();
        DBOptions dbOptions = new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setKeepLogFileNum(4);
        List<ColumnFamilyDescriptor> families = List.of(
                new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, dataOptions),
                new ColumnFamilyDescriptor(Bytes.ofUtf8("store").unsafeArray(), stateOptions));
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            RocksDB database = RocksDB.open(dbOptions, folder.toString(), families, handles);
            RocksDbFiles files = new RocksDbFiles(
                    database, handles, List.of(dbOptions, dataOptions, stateOptions, addition, filter, cache), synced);
            files.showVersionOnDisk();
            return files;
        } catch (RocksDBException e) {
            throw new IOException("cannot open the key-value store in " + folder + ": " + e.getMessage(), e);
        }
    }

    private void showVersionOnDisk() throws RocksDBException, IOException {
        try {
            newest = new RocksDbSnapshot(this, checkFormat());
        } catch (RocksDBException | IOException e) {
            release();
            throw e;
        }
    }

    private long checkFormat() throws RocksDBException, IOException {
        byte[] format = database.get(state, FORMAT_KEY.unsafeArray());
        if (format == null) {
            database.put(state, writes, FORMAT_KEY.unsafeArray(), new byte[] {FORMAT});
            return 0;
        }
        if (format.length != 1 || format[0] != FORMAT) {
            throw new IOException(
                    "key-value store has format " + Bytes.wrap(format) + ", this version knows " + FORMAT);
        }
        byte[] version = database.get(state, VERSION_KEY.unsafeArray());
        return version == null ? 0 : Bytes.wrap(version).longAt(0);
    }

    /** The newest version's snapshot, held for the caller. */
    public RocksDbSnapshot retainNewest() {
        while (true) {
            RocksDbSnapshot snapshot = newest();
            // Fails only if a newer one has just taken its place.
            if (snapshot.retain()) {
                return snapshot;
            }
        }
    }

    public long newestVersion() {
        return newest().version();
    }

    private RocksDbSnapshot newest() {
        RocksDbSnapshot snapshot = newest;
        if (snapshot == null) {
            throw new IllegalStateException("the store is closed");
        }
        return snapshot;
    }

    /** Where the writes of transactions go on their way into {@code batch}. */
    public WriteSet.Sink sink(WriteBatch batch) {
        return new BatchSink(data, batch);
    }

    /** Adds a fact that an engine keeps beside the data. */
    public void putState(WriteBatch batch, Bytes name, Bytes value) throws RocksDBException {
        batch.put(state, name.unsafeArray(), value.unsafeArray());
    }

    public @Nullable Bytes state(Bytes name) throws RocksDBException {
        byte[] value = database.get(state, name.unsafeArray());
        return value == null ? null : Bytes.wrap(value);
    }

    /** Makes a database like this one in {@code folder}, which must not exist: its files are links, and durable. */
    public void copyTo(Path folder) throws RocksDBException {
        try (Checkpoint checkpoint = Checkpoint.create(database)) {
            checkpoint.createCheckpoint(folder.toString());
        }
    }

    /** Writes {@code batch} and the version that it makes, then shows them to new transactions. */
    public void write(WriteBatch batch, long version) throws RocksDBException {
        batch.put(state, VERSION_KEY.unsafeArray(), Bytes.ofLong(version).unsafeArray());
        database.write(writes, batch);
        RocksDbSnapshot before = newest();
        newest = new RocksDbSnapshot(this, version);
        before.release();
    }

    void retain() {
        users.incrementAndGet();
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            writes.close();
            handles.forEach(AbstractImmutableNativeReference::close);
            database.close();
            options.forEach(AbstractImmutableNativeReference::close);
        }
    }

    /** The committer has stopped by now. */
    @Override
    public void close() {
        RocksDbSnapshot last = newest;
        if (last != null) {
            newest = null;
            last.release();
            release();
        }
    }
}
