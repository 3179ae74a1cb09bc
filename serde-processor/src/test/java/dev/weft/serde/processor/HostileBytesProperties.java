package dev.weft.serde.processor;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.weft.serde.SerdeException;
import dev.weft.serde.processor.model.EverythingCodec;
import dev.weft.serde.processor.model.V1_LogCodec;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

final class HostileBytesProperties {
    /** Bytes of heap per byte of message, and at least: an entry of a map takes two bytes and becomes several objects. */
    private static final int HEAP_PER_BYTE_MAX = 100;

    private static final int HEAP_MIN = 200_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Property(tries = 3000)
    void changedBytesAreAValueOrRefused(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = Coding.encode(EverythingCodec.CODEC, EverythingSamples.of(seed));
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? random.nextInt() : -1);
        }
        decodesOrRefuses(bytes);
    }

    @Property(tries = 1000)
    void randomBytesAreAValueOrRefused(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[random.nextInt(2000)];
        random.nextBytes(bytes);
        if (bytes.length >= 4) {
            bytes[0] = (byte) (bytes.length - 4);
            bytes[1] = (byte) ((bytes.length - 4) >> 8);
            bytes[2] = 0;
            bytes[3] = 0;
        }
        decodesOrRefuses(bytes);
    }

    @Property(tries = 500)
    void truncatedBytesAreRefused(@ForAll long seed) {
        byte[] bytes = Coding.encode(EverythingCodec.CODEC, EverythingSamples.of(seed));
        byte[] truncated = Arrays.copyOf(bytes, new Random(seed).nextInt(bytes.length));
        assertThrows(SerdeException.class, () -> Coding.decode(EverythingCodec.CODEC, truncated));
        assertThrows(SerdeException.class, () -> Coding.decodeNative(EverythingCodec.CODEC, truncated));
    }

    @Property(tries = 500)
    void changedTagsAndLengthsOfUnionsAreAValueOrRefused(@ForAll byte[] bytes) {
        try {
            V1_LogCodec.CODEC.read(dev.weft.serde.SerdeReader.of(java.lang.foreign.MemorySegment.ofArray(bytes)));
        } catch (SerdeException refused) {
            assertTrue(refused.offset() >= 0 && refused.offset() <= bytes.length);
        }
    }

    private static void decodesOrRefuses(byte[] bytes) {
        long limit = HEAP_MIN + (long) HEAP_PER_BYTE_MAX * bytes.length;
        long allocated = allocatedBy(bytes);
        // The first time that a message is put together, its code is made, which allocates too.
        long again = allocated > limit ? allocatedBy(bytes) : allocated;
        assertTrue(again <= limit, () -> again + " bytes of heap for " + bytes.length);
    }

    private static long allocatedBy(byte[] bytes) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            Coding.decode(EverythingCodec.CODEC, bytes);
        } catch (SerdeException refused) {
            assertTrue(refused.offset() >= 0 && refused.offset() <= bytes.length, refused.getMessage());
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
