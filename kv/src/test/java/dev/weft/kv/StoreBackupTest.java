package dev.weft.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Environment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps, and the bytes of one as {@code docs/protocol/key-value-dump.md} tells them. */
final class StoreBackupTest {
    private static final StoreLimits LIMITS = StoreLimits.defaults();
    private static final KeyRange EVERYTHING = new KeyRange(Bytes.EMPTY, Bytes.wrap(new byte[] {(byte) 0xff}));

    private static final String GOLDEN = """
            57454654444d50 01                # WEFTDMP, format 1
            0000000000000002                 # the store's version
            d40e0874                         # checksum
            00000002 00000015 64771023       # two entries in 21 bytes, checksum
            00000001 61 00000001 31          # a = 1
            00000002 6262 00000001 32        # bb = 2
            00000000 00000010 b08b4a56       # end, 16 bytes, checksum
            0000000000000002 0000000000000005 # two entries, 5 bytes of keys and values
            """;

    @TempDir
    Path folder;

    private final KeyValueStore store = new MemoryKeyValueStore(LIMITS, Environment.system());

    private void put(String key, String value) throws InterruptedException {
        store.run(tx -> {
            tx.put(Bytes.ofUtf8(key), Bytes.ofUtf8(value));
            return 0;
        });
    }

    private static List<KeyValue> all(KeyValueStore store) {
        try (Transaction transaction = store.begin()) {
            return transaction.snapshotRange(EVERYTHING, 1_000_000);
        }
    }

    private static byte[] golden() {
        return HexFormat.of().parseHex(GOLDEN.replaceAll("#.*", "").replaceAll("\\s", ""));
    }

    @Test
    void aDumpHasTheseBytes() throws Exception {
        put("a", "1");
        put("bb", "2");
        Path file = folder.resolve("dump");
        assertEquals(new StoreBackup.Totals(2, 2, 5), StoreBackup.dump(store, file, _ -> {}));
        assertEquals(HexFormat.of().formatHex(golden()), HexFormat.of().formatHex(Files.readAllBytes(file)));
        assertThrows(FileAlreadyExistsException.class, () -> StoreBackup.dump(store, file, _ -> {}));
    }

    @Test
    void whatIsDumpedComesBack() throws Exception {
        for (int i = 0; i < 3000; i++) {
            put("key " + i, "value ".repeat(i % 200) + i);
        }
        Path file = folder.resolve("dump");
        long[] shown = {0, 0};
        StoreBackup.Totals dumped = StoreBackup.dump(store, file, bytes -> shown[0] += bytes);
        put("later", "not in the dump");
        KeyValueStore other = new MemoryKeyValueStore(LIMITS, Environment.system());
        assertEquals(dumped, StoreBackup.restore(other, file, LIMITS, false, bytes -> shown[1] += bytes));
        assertEquals(dumped.bytes(), shown[0]);
        assertEquals(dumped.bytes(), shown[1]);
        assertEquals(3000, all(other).size());
        assertTrue(all(store).containsAll(all(other)));
    }

    @Test
    void aStoreThatIsNotEmptyIsLeftAloneUnlessItIsToBeReplaced() throws Exception {
        Path file = Files.write(folder.resolve("dump"), golden());
        put("z", "here");
        List<KeyValue> before = all(store);
        IOException refused =
                assertThrows(IOException.class, () -> StoreBackup.restore(store, file, LIMITS, false, _ -> {}));
        assertTrue(refused.toString().contains("not empty"), refused.toString());
        assertEquals(before, all(store));
        StoreBackup.restore(store, file, LIMITS, true, _ -> {});
        assertEquals(2, all(store).size());
    }

    @Test
    void aDumpThatIsDamagedAnywhereRestoresNothing() throws Exception {
        byte[] whole = golden();
        Path file = folder.resolve("dump");
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 0x40;
            Files.write(file, damaged);
            assertThrows(IOException.class, () -> StoreBackup.restore(store, file, LIMITS, true, _ -> {}), "byte " + i);
            Files.write(file, Arrays.copyOf(whole, i));
            assertThrows(IOException.class, () -> StoreBackup.restore(store, file, LIMITS, true, _ -> {}), "cut " + i);
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertThrows(IOException.class, () -> StoreBackup.verify(file, LIMITS));
        assertTrue(all(store).isEmpty());
    }

    @Test
    void lengthsThatLieAreRefusedThoughTheirChecksumsAreRight() throws Exception {
        // Payload begins at 32, its count at 20.
        assertLie(20, 0x7fffffff, "2147483647 entries");
        assertLie(20, 1, "bytes too many");
        assertLie(32, 0x7fffffff, "length of 2147483647");
        assertLie(32, 0, "length of 0");
        assertLie(42, -1, "length of -1");
    }

    private void assertLie(int at, int value, String expected) throws IOException {
        byte[] bytes = golden();
        ByteBuffer dump = ByteBuffer.wrap(bytes);
        dump.putInt(at, value);
        dump.putInt(
                28,
                DumpFormat.crc(
                        dump.duplicate().position(20).limit(28),
                        dump.duplicate().position(32).limit(53)));
        Path file = Files.write(folder.resolve("lie"), bytes);
        IOException refused = assertThrows(IOException.class, () -> StoreBackup.verify(file, LIMITS));
        assertTrue(refused.toString().contains(expected), refused.toString());
    }

    @Test
    void nothingIsLeftOfADumpThatFails() {
        store.close();
        assertThrows(IllegalStateException.class, () -> StoreBackup.dump(store, folder.resolve("dump"), _ -> {}));
        assertFalse(Files.exists(folder.resolve("dump.partial")));
    }
}
