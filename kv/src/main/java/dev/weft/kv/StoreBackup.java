package dev.weft.kv;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Copies of whole stores in files.
 *
 * <p>A dump is what the store had at one version, though others go on writing meanwhile. Documented in
 * {@code docs/protocol/key-value-dump.md}.
 */
public final class StoreBackup {
    /** What a dump holds. */
    public record Totals(long version, long entries, long bytes) {}

    private static final KeyRange EVERYTHING = new KeyRange(Bytes.EMPTY, Bytes.wrap(new byte[] {(byte) 0xff}));

    /** Entries read at once. */
    private static final int PAGE = 1000;

    /** Bytes of keys and values in a transaction that restores: far from any limit, and few transactions. */
    private static final int RESTORED_BYTES = 1 << 19;

    private StoreBackup() {}

    /**
     * Dumps a store to a new file, which is there under its name once it is complete and on disk.
     *
     * @param progress is told bytes of keys and values as they are written
     * @throws FileAlreadyExistsException if there is such a file
     */
    public static Totals dump(KeyValueStore store, Path file, LongConsumer progress) throws IOException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try (Transaction transaction = store.begin();
                FileChannel channel = FileChannel.open(
                        partial,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
            Totals totals = write(transaction, out, progress);
            out.flush();
            channel.force(true);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
            return totals;
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private static Totals write(Transaction transaction, OutputStream out, LongConsumer progress) throws IOException {
        DumpWriter dump = new DumpWriter(out, transaction.readVersion());
        KeyRange rest = EVERYTHING;
        List<KeyValue> page;
        do {
            page = transaction.snapshotRange(rest, PAGE);
            long before = dump.bytes();
            for (KeyValue entry : page) {
                dump.add(entry);
            }
            progress.accept(dump.bytes() - before);
            rest = page.isEmpty() ? rest : rest.after(page.getLast().key());
        } while (page.size() == PAGE);
        dump.end();
        return new Totals(transaction.readVersion(), dump.entries(), dump.bytes());
    }

    /**
     * Reads a dump through and changes nothing.
     *
     * @throws IOException if it is damaged, or no dump
     */
    public static Totals verify(Path file, StoreLimits limits) throws IOException {
        try (InputStream in = open(file)) {
            DumpReader dump = new DumpReader(in, limits);
            while (!dump.next().isEmpty()) {
                // Counted and checked by the reader.
            }
            return new Totals(dump.version(), dump.entries(), dump.bytes());
        }
    }

    /**
     * Fills a store with a dump, which is verified first. It is cut into many transactions, so nobody should use the store
     * meanwhile, and if this fails in the middle it has to be done again, replacing what is there.
     *
     * @param replace whether everything in the store goes first; otherwise one that is not empty is refused
     * @param progress is told bytes of keys and values as they are committed
     * @throws IOException if the dump is damaged, or the store is not empty
     */
    public static Totals restore(
            KeyValueStore store, Path file, StoreLimits limits, boolean replace, LongConsumer progress)
            throws IOException, InterruptedException {
        Totals totals = verify(file, limits);
        empty(store, replace);
        try (InputStream in = open(file)) {
            DumpReader dump = new DumpReader(in, limits);
            List<KeyValue> entries = dump.next();
            while (!entries.isEmpty()) {
                put(store, entries, progress);
                entries = dump.next();
            }
        }
        return totals;
    }

    private static void empty(KeyValueStore store, boolean replace) throws IOException, InterruptedException {
        boolean ready = store.run(tx -> {
            boolean empty = tx.range(EVERYTHING, 1).isEmpty();
            if (!empty && replace) {
                tx.clear(EVERYTHING);
            }
            return empty || replace;
        });
        if (!ready) {
            throw new IOException("the store is not empty; nothing was restored");
        }
    }

    private static void put(KeyValueStore store, List<KeyValue> entries, LongConsumer progress)
            throws InterruptedException {
        List<KeyValue> batch = new ArrayList<>();
        long bytes = 0;
        for (KeyValue entry : entries) {
            batch.add(entry);
            bytes += entry.key().length() + entry.value().length();
            if (bytes >= RESTORED_BYTES) {
                putAll(store, batch);
                progress.accept(bytes);
                batch.clear();
                bytes = 0;
            }
        }
        putAll(store, batch);
        progress.accept(bytes);
    }

    private static void putAll(KeyValueStore store, List<KeyValue> batch) throws InterruptedException {
        List<KeyValue> entries = List.copyOf(batch);
        store.run(tx -> {
            entries.forEach(entry -> tx.put(entry.key(), entry.value()));
            return 0;
        });
    }

    private static InputStream open(Path file) throws IOException {
        return new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    }
}
