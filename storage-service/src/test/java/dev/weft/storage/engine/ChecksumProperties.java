package dev.weft.storage.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Checksums that are put together equal those of the bytes put together. */
final class ChecksumProperties {
    @Property
    void twoPiecesCombine(@ForAll byte[] first, @ForAll byte[] second) {
        assertEquals(crc(concat(first, second)), Checksum.combine(crc(first), crc(second), second.length));
    }

    @Property(tries = 100)
    void aBlockCombinesFaster(@ForAll byte[] first, @ForAll byte fill) {
        byte[] block = new byte[Disk.BLOCK_BYTES];
        Arrays.fill(block, fill);
        assertEquals(crc(concat(first, block)), Checksum.combineBlock(crc(first), crc(block)));
    }

    @Property(tries = 100)
    void aBuilderMakesTheSameOfAnyPieces(
            @ForAll @Size(max = 6) List<@IntRange(max = 600_000) Integer> lengths, @ForAll int seed) {
        ChecksumBuilder pieces = new ChecksumBuilder();
        byte[] all = new byte[0];
        for (int length : lengths) {
            byte[] piece = EngineCrashTest.pattern(length, seed + length);
            pieces.add(MemorySegment.ofArray(piece));
            all = concat(all, piece);
        }
        assertEquals(crc(all), pieces.whole());
        int tailFrom = all.length - all.length % Disk.BLOCK_BYTES;
        assertEquals(crc(Arrays.copyOfRange(all, tailFrom, all.length)), pieces.tail());
        List<Integer> blocks = new ArrayList<>();
        for (int from = 0; from < tailFrom; from += Disk.BLOCK_BYTES) {
            blocks.add(crc(Arrays.copyOfRange(all, from, from + Disk.BLOCK_BYTES)));
        }
        assertArrayEquals(
                blocks.stream().mapToInt(Integer::intValue).toArray(),
                pieces.spans().values().stream().flatMapToInt(Arrays::stream).toArray());
    }

    private static int crc(byte[] bytes) {
        return Checksum.of(MemorySegment.ofArray(bytes));
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
