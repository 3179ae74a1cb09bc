package dev.weft.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Bytes that follow from a seed and a position, made as fast as memory takes them. For one thread. */
final class SeededBytes {
    private final long seed;
    private final long length;
    private long position;

    SeededBytes(long seed, long length) {
        this.seed = seed;
        this.length = length;
    }

    /** Puts the next bytes, as a channel does; -1 at the end. */
    int read(ByteBuffer into) {
        if (position == length) {
            return -1;
        }
        int count = (int) Math.min(into.remaining(), length - position);
        int end = into.position() + count;
        into.order(ByteOrder.LITTLE_ENDIAN);
        while (into.position() < end) {
            long word = word(position >>> 3);
            int skip = (int) (position & 7);
            if (skip == 0 && end - into.position() >= Long.BYTES) {
                into.putLong(word);
                position += Long.BYTES;
            } else {
                into.put((byte) (word >>> (skip * 8)));
                position++;
            }
        }
        return count;
    }

    /** The finalizer of SplitMix64 over a counter. */
    private long word(long index) {
        long z = seed + index * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
