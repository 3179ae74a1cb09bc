package dev.weft.rpc.testkit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.zip.CRC32C;

/** Bytes that a seed determines. */
public final class Pattern {
    private Pattern() {}

    /** Fills memory with bytes of {@code seed}. */
    public static void fill(MemorySegment memory, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        byte[] bytes = new byte[(int) memory.byteSize()];
        random.nextBytes(bytes);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
    }

    /** {@code size} bytes of {@code seed}. */
    public static MemorySegment bytes(int size, long seed) {
        MemorySegment memory = MemorySegment.ofArray(new byte[size]);
        fill(memory, seed);
        return memory;
    }

    /** CRC32C of memory. */
    public static long checksum(MemorySegment memory) {
        CRC32C crc = new CRC32C();
        crc.update(memory.asByteBuffer());
        return crc.getValue();
    }
}
