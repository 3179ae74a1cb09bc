package dev.weft.storage.engine;

/** Sizes in which space is given out: powers of two from 64 KiB, the least worth a seek, to 64 MiB, the largest chunk. */
final class SizeClass {
    static final int SMALLEST_SHIFT = 16;
    static final int COUNT = 11;
    static final int LARGEST_BYTES = bytes(COUNT - 1);

    private SizeClass() {}

    /** The smallest class that holds {@code length} bytes. */
    static int of(int length) {
        if (length < 1 || length > LARGEST_BYTES) {
            throw new IllegalArgumentException("length " + length + " is not in 1.." + LARGEST_BYTES);
        }
        return Math.max(0, Integer.SIZE - Integer.numberOfLeadingZeros(length - 1) - SMALLEST_SHIFT);
    }

    static int bytes(int sizeClass) {
        return 1 << (SMALLEST_SHIFT + sizeClass);
    }

    static String fileName(int sizeClass) {
        return "extents-" + (bytes(sizeClass) >> 10) + "k";
    }
}
