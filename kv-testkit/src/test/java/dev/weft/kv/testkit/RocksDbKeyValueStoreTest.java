package dev.weft.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.kv.Bytes;
import dev.weft.kv.CommitResult;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.RocksDbKeyValueStore;
import dev.weft.kv.Transaction;
import dev.weft.kv.engine.Counter;
import dev.weft.rpc.Environment;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

final class RocksDbKeyValueStoreTest extends KeyValueStoreContract {
    @TempDir
    Path folder;

    @Override
    protected KeyValueStore open() throws IOException {
        return RocksDbKeyValueStore.open(folder.resolve("store"), SMALL, Environment.system());
    }

    @Test
    void dataAndVersionsOutliveTheStore() throws Exception {
        Transaction transaction = store.begin();
        transaction.put(A, value(1));
        transaction.add(B, 7);
        long version = commit(transaction).version();
        store.close();
        store = open();
        assertEquals(Optional.of(value(1)), read(A));
        assertEquals(Optional.of(Counter.encode(7)), read(B));
        try (Transaction next = store.begin()) {
            assertEquals(version, next.readVersion());
        }
    }

    @Test
    void refusesAFolderThatAnotherStoreHolds() {
        IOException refused = assertThrows(IOException.class, this::open);
        assertTrue(refused.toString().contains(folder.toString()), refused.toString());
    }

    @Test
    void refusesAFormatThatItDoesNotKnow() throws Exception {
        store.close();
        writeFormat(2);
        IOException refused = assertThrows(IOException.class, this::open);
        assertTrue(refused.toString().contains("format 02"), refused.toString());
        writeFormat(1);
        store = open();
    }

    private void writeFormat(int format) throws RocksDBException {
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        List<ColumnFamilyDescriptor> families = List.of(
                new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY),
                new ColumnFamilyDescriptor("store".getBytes(StandardCharsets.UTF_8)));
        try (DBOptions options = new DBOptions();
                RocksDB database = RocksDB.open(options, folder.resolve("store").toString(), families, handles)) {
            database.put(handles.get(1), Bytes.ofUtf8("format").unsafeArray(), new byte[] {(byte) format});
            handles.forEach(ColumnFamilyHandle::close);
        }
    }

    @Test
    void everyAcknowledgedCommitSurvivesSigkill() throws Exception {
        store.close();
        Path killed = folder.resolve("killed");
        int[] acknowledged = new int[CrashWriter.THREADS];
        for (int round = 0; round < 3; round++) {
            int lines = 500 * (round + 1);
            Process writer = CrashWriter.start(killed, acknowledged);
            try (BufferedReader reader = writer.inputReader()) {
                String line = reader.readLine();
                while (line != null) {
                    String[] words = line.split(" ", -1);
                    // A line cut off by the kill has no closing word.
                    if (words.length == 3) {
                        acknowledged[Integer.parseInt(words[0])] = Integer.parseInt(words[1]);
                    }
                    if (--lines == 0) {
                        writer.toHandle().destroyForcibly();
                    }
                    line = reader.readLine();
                }
            }
            assertEquals(128 + 9, writer.waitFor());
            try (KeyValueStore reopened = RocksDbKeyValueStore.open(killed, SMALL, Environment.system());
                    Transaction transaction = reopened.begin()) {
                for (int thread = 0; thread < acknowledged.length; thread++) {
                    long found = CrashWriter.check(transaction, thread);
                    assertTrue(
                            found >= acknowledged[thread],
                            "thread " + thread + ": acknowledged " + acknowledged[thread] + ", found " + found);
                    acknowledged[thread] = (int) found;
                }
            }
        }
        store = open();
    }

    @Test
    void refusesCommitsBeyondItsQueueAndKeepsTheOthers() throws Exception {
        // The queue is short and the disk is slow beside memory: of many commits at once some must be refused.
        int refused = 0;
        for (int round = 0; round < 50 && refused == 0; round++) {
            refused = refusedOf(500);
        }
        assertTrue(refused > 0, "nothing was refused");
        assertInstanceOf(CommitResult.Committed.class, commit(store.begin()));
    }

    private int refusedOf(int commits) throws InterruptedException {
        AtomicInteger refused = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < commits; i++) {
            Bytes key = value(i);
            threads.add(Thread.ofVirtual().start(() -> {
                Transaction transaction = store.begin();
                transaction.put(key, key);
                try {
                    if (transaction.commit() instanceof CommitResult.Refused) {
                        refused.incrementAndGet();
                    }
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return refused.get();
    }
}
