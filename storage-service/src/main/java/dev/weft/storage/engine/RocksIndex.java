package dev.weft.storage.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** The index in RocksDB: its log is forced for durable writes, and the rest is in the operating system's cache. */
final class RocksIndex implements DiskIndex, AutoCloseable {
    static {
        RocksDB.loadLibrary();
    }

    /** Records are small and all of them are in memory as well: a small buffer keeps an idle process small. */
    private static final long WRITE_BUFFER_BYTES = 8 << 20;

    private static final long READ_AHEAD_BYTES = 2 << 20;

    private final Options options;
    private final RocksDB db;
    private final WriteOptions durable = new WriteOptions().setSync(true);
    private final WriteOptions relaxed = new WriteOptions().setSync(false);

    private final DiskThreads threads;

    private RocksIndex(Options options, RocksDB db, DiskThreads threads) {
        this.options = options;
        this.threads = threads;
        this.db = db;
    }

    @SuppressWarnings("MustBeClosedChecker") // closed by close()
    static RocksIndex open(Path folder, DiskThreads threads) throws IOException {
        Options options = new Options()
                .setCreateIfMissing(true)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2)
                // Reads are of single keys that are there.
                .setTableFormatConfig(new BlockBasedTableConfig().setFilterPolicy(new BloomFilter(10)));
        try {
            return new RocksIndex(options, RocksDB.open(options, folder.toString()), threads);
        } catch (RocksDBException e) {
            options.close();
            throw new IOException("cannot open " + folder + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void write(List<IndexChange> changes, boolean makeDurable) throws IOException {
        try (WriteBatch batch = new WriteBatch()) {
            for (IndexChange change : changes) {
                byte[] value = change.value();
                if (value == null) {
                    batch.delete(change.key());
                } else {
                    batch.put(change.key(), value);
                }
            }
            db.write(makeDurable ? durable : relaxed, batch);
        } catch (RocksDBException e) {
            throw new IOException("cannot write " + changes.size() + " index records: " + e.getMessage(), e);
        }
    }

    @Override
    public byte @Nullable [] get(byte[] key) throws IOException {
        // Through other threads: a record that is not in memory would hold the carrier of a virtual thread.
        byte[][] found = new byte[1][];
        threads.run(() -> {
            try {
                found[0] = db.get(key);
            } catch (RocksDBException e) {
                throw new IOException("cannot read an index record: " + e.getMessage(), e);
            }
        });
        return found[0];
    }

    @Override
    public void forEach(byte[] prefix, BiConsumer<byte[], byte[]> visitor) throws IOException {
        try (ReadOptions options = new ReadOptions().setFillCache(false).setReadaheadSize(READ_AHEAD_BYTES);
                RocksIterator iterator = db.newIterator(options)) {
            for (iterator.seek(prefix); iterator.isValid(); iterator.next()) {
                byte[] key = iterator.key();
                if (!startsWith(key, prefix)) {
                    break;
                }
                visitor.accept(key, iterator.value());
            }
            iterator.status();
        } catch (RocksDBException e) {
            throw new IOException("cannot read the index: " + e.getMessage(), e);
        }
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    @Override
    public void close() {
        db.close();
        durable.close();
        relaxed.close();
        options.close();
    }
}
