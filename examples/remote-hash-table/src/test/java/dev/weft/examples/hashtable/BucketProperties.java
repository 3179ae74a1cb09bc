package dev.weft.examples.hashtable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

final class BucketProperties {
    private static final int BYTES = 128;

    private final MemorySegment memory = Arena.ofAuto().allocate(BYTES, 8);
    private final Bucket bucket = new Bucket(memory);

    @Property
    void whatWasPutIsThere(@ForAll @Size(max = 20) byte[] key, @ForAll @Size(max = 40) byte[] value) {
        bucket.put(key, MemorySegment.ofArray(value));
        assertTrue(bucket.isWhole());
        assertArrayEquals(value, bucket.valueOf(key).orElseThrow());
        assertEquals(Optional.empty(), bucket.valueOf(Arrays.copyOf(key, key.length + 1)));
        bucket.clear();
        assertTrue(bucket.isWhole());
        assertEquals(Optional.empty(), bucket.valueOf(key));
    }

    /** Each 8 bytes of the copy are either from before the change or from after it, in any mixture. */
    @Property(tries = 2000)
    void mixtureOfTwoStatesIsOneOfThemOrNotWhole(
            @ForAll @Size(max = 40) byte[] first, @ForAll @Size(max = 40) byte[] second, @ForAll short late) {
        byte[] key = {1, 2, 3};
        bucket.put(key, MemorySegment.ofArray(first));
        MemorySegment copy = Arena.ofAuto().allocate(BYTES, 8).copyFrom(memory);
        bucket.put(key, MemorySegment.ofArray(second));
        for (int word = 0; word < BYTES / 8; word++) {
            if ((late >> word & 1) != 0) {
                MemorySegment.copy(memory, word * 8L, copy, word * 8L, 8);
            }
        }
        Bucket read = new Bucket(copy);
        if (read.isWhole()) {
            byte[] value = read.valueOf(key).orElseThrow();
            assertTrue(Arrays.equals(value, first) || Arrays.equals(value, second));
        }
    }

    @Property
    void nothingIsWholeWhileItIsChanged(@ForAll @Size(max = 40) byte[] value) {
        bucket.put(new byte[] {1}, MemorySegment.ofArray(value));
        bucket.beginChange();
        assertFalse(bucket.isWhole());
    }

    @Property
    void anyBytesAreReadWithoutHarm(@ForAll @Size(BYTES) byte[] bytes) {
        memory.copyFrom(MemorySegment.ofArray(bytes));
        if (bucket.isWhole()) {
            assertTrue(bucket.valueOf(new byte[0]).orElse(bytes).length <= BYTES);
        }
    }
}
