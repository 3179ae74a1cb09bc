package dev.weft.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class SeededBytesTest {
    @Test
    void bytesDoNotDependOnHowTheyAreFetched() {
        byte[] whole = fetch(1000, 1000);
        for (int step : new int[] {1, 3, 8, 13, 999}) {
            assertArrayEquals(whole, fetch(1000, step), "in steps of " + step);
        }
    }

    @Test
    void theDemonstrationStoresMoreThanOneGibibyteFromNothingToHalfOfIt() {
        var tree = SeededTree.of(42, SeededTree.Scale.FULL, "/x");
        assertEquals(0, tree.stream().mapToLong(SeededTree.Item::length).min().orElseThrow());
        assertEquals(
                512L << 20,
                tree.stream().mapToLong(SeededTree.Item::length).max().orElseThrow());
        assertEquals(true, tree.stream().mapToLong(SeededTree.Item::length).sum() >= 1L << 30, "1 GiB or more");
        assertEquals(tree, SeededTree.of(42, SeededTree.Scale.FULL, "/x"));
    }

    private static byte[] fetch(int length, int step) {
        SeededBytes bytes = new SeededBytes(7, length);
        ByteBuffer all = ByteBuffer.allocate(length);
        ByteBuffer part = ByteBuffer.allocate(step);
        while (bytes.read(part) >= 0) {
            all.put(part.flip());
            part.clear();
        }
        assertEquals(0, all.remaining());
        return all.array();
    }
}
