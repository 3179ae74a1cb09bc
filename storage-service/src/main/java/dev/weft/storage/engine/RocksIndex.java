package dev.weft.storage.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
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

    private final Options options;
    private final RocksDB db;
    private final WriteOptions durable = new WriteOptions().setSync(true);
    private final WriteOptions relaxed = new WriteOptions().setSync(false);

    private RocksIndex(Options options, RocksDB db) {
        this.options = options;
        this.db = db;
    }

    @SuppressWarnings("MustBeClosedChecker") // closed by close()
    static RocksIndex open(Path folder) throws IOException {
        Options options = new Options()
                .setCreateIfMissing(true)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2);
        try {
            return new RocksIndex(options, RocksDB.open(options, folder.toString()));
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
    public void forEach(BiConsumer<byte[], byte[]> visitor) throws IOException {
        try (RocksIterator iterator = db.newIterator()) {
            for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
                visitor.accept(iterator.key(), iterator.value());
            }
            iterator.status();
        } catch (RocksDBException e) {
            throw new IOException("cannot read the index: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        db.close();
        durable.close();
        relaxed.close();
        options.close();
    }
}
