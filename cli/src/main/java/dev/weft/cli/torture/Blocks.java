package dev.weft.cli.torture;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Content that says what it is: each block names its thing, its place and its generation, and all its other bytes follow
 * from these.
 *
 * <pre>
 * 0        8       16       24        32                        4096
 * | mark   | thing | block  | generation | bytes made of all these ... |
 * </pre>
 */
final class Blocks {
    static final int BYTES = 4096;

    /** A block cut shorter than this does not say what it is. */
    static final int HEADER_BYTES = 32;

    /** Of a block that was never written, and reads as zeros. */
    static final long ZEROS = 0;

    private static final long MARK = 0x7745_6654_424C_4F43L;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final long seed;

    /** @param seed of one run, so that what an earlier one left behind is noticed */
    Blocks(long seed) {
        this.seed = seed;
    }

    /** Bytes of several blocks of one generation, the last one possibly cut. */
    byte[] of(long thing, int firstBlock, int length, long generation) {
        byte[] bytes = new byte[length];
        byte[] block = new byte[BYTES];
        for (int at = 0; at < length; at += BYTES) {
            fill(MemorySegment.ofArray(block), thing, firstBlock + at / BYTES, generation);
            System.arraycopy(block, 0, bytes, at, Math.min(BYTES, length - at));
        }
        return bytes;
    }

    private void fill(MemorySegment block, long thing, int number, long generation) {
        block.set(LONG, 0, MARK ^ seed);
        block.set(LONG, 8, thing);
        block.set(LONG, 16, number);
        block.set(LONG, 24, generation);
        long state = mixed(mixed(mixed(seed ^ thing) + number) + generation);
        for (int at = HEADER_BYTES; at < BYTES; at += Long.BYTES) {
            state += 0x9E3779B97F4A7C15L;
            block.set(LONG, at, mixed(state));
        }
    }

    /** The finalizer of SplitMix64. */
    private static long mixed(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /**
     * What a block says it is, and is.
     *
     * @param generation {@link #ZEROS} for one of zeros
     * @param cut whether only its front is there, and zeros behind it
     */
    record Block(long generation, boolean cut) {}

    /**
     * Looks at a block.
     *
     * @param bytes all of it, or its front
     * @throws WrongBytesException if it is not the block that it should be, of one generation
     */
    Block look(MemorySegment bytes, long thing, int number) throws WrongBytesException {
        MemorySegment block = MemorySegment.ofArray(new byte[BYTES]);
        if (bytes.mismatch(block.asSlice(0, bytes.byteSize())) < 0) {
            return new Block(ZEROS, false);
        }
        long generation = bytes.byteSize() < HEADER_BYTES ? -1 : bytes.get(LONG, 24);
        fill(block, thing, number, generation);
        long wrong = bytes.mismatch(block.asSlice(0, bytes.byteSize()));
        if (wrong < 0) {
            return new Block(generation, false);
        }
        if (wrong >= HEADER_BYTES && isZero(bytes.asSlice(wrong))) {
            return new Block(generation, true);
        }
        throw new WrongBytesException("byte " + wrong + " of block " + number + " of " + Long.toHexString(thing)
                + " is wrong; the block says " + header(bytes));
    }

    private static boolean isZero(MemorySegment bytes) {
        for (long at = 0; at < bytes.byteSize(); at++) {
            if (bytes.get(ValueLayout.JAVA_BYTE, at) != 0) {
                return false;
            }
        }
        return true;
    }

    private String header(MemorySegment bytes) {
        if (bytes.byteSize() < HEADER_BYTES) {
            return "nothing, as it has " + bytes.byteSize() + " bytes";
        }
        if (bytes.get(LONG, 0) != (MARK ^ seed)) {
            return "nothing, as it lacks the mark of this run";
        }
        return "that it is block " + bytes.get(LONG, 16) + " of " + Long.toHexString(bytes.get(LONG, 8))
                + ", generation " + bytes.get(LONG, 24);
    }
}
