package dev.weft.storage.engine;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/** CRC32C (Castagnoli), the checksum of everything that is stored. */
public final class Checksum {
    /** The polynomial, its bits reversed as everywhere here: the highest bit is the coefficient of x^0. */
    private static final int POLYNOMIAL = 0x82F63B78;

    private static final int ONE = 1 << 31;

    /** x^(2^n) modulo the polynomial. */
    private static final int[] POWERS = powers();

    /** What a block that follows does to the checksum of what is before it, by byte of the checksum. */
    private static final int[][] SHIFT_BLOCK = shiftTable(Disk.BLOCK_BYTES);

    private Checksum() {}

    public static int of(MemorySegment bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.asByteBuffer());
        return (int) crc.getValue();
    }

    /** Checksum of two pieces, one after the other, from those of the pieces and the length of the second. */
    public static int combine(int first, int second, long secondLength) {
        if (secondLength < 0) {
            throw new IllegalArgumentException("length " + secondLength + " is negative");
        }
        return multiply(powerOfBytes(secondLength), first) ^ second;
    }

    /** The same for a second piece of one block, faster. */
    static int combineBlock(int first, int block) {
        return SHIFT_BLOCK[0][first & 0xff]
                ^ SHIFT_BLOCK[1][(first >>> 8) & 0xff]
                ^ SHIFT_BLOCK[2][(first >>> 16) & 0xff]
                ^ SHIFT_BLOCK[3][first >>> 24]
                ^ block;
    }

    private static int[] powers() {
        int[] powers = new int[32];
        powers[0] = ONE >>> 1;
        for (int n = 1; n < powers.length; n++) {
            powers[n] = multiply(powers[n - 1], powers[n - 1]);
        }
        return powers;
    }

    /** x^(8 n) modulo the polynomial. */
    private static int powerOfBytes(long n) {
        int power = ONE;
        int k = 3;
        for (long left = n; left != 0; left >>>= 1) {
            if ((left & 1) != 0) {
                power = multiply(POWERS[k & 31], power);
            }
            k++;
        }
        return power;
    }

    private static int multiply(int a, int b) {
        int product = 0;
        int factor = b;
        for (int bit = ONE; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                product ^= factor;
            }
            factor = (factor & 1) != 0 ? (factor >>> 1) ^ POLYNOMIAL : factor >>> 1;
        }
        return product;
    }

    private static int[][] shiftTable(int bytes) {
        int[][] table = new int[4][256];
        int power = powerOfBytes(bytes);
        for (int place = 0; place < 4; place++) {
            for (int value = 0; value < 256; value++) {
                table[place][value] = multiply(power, value << (8 * place));
            }
        }
        return table;
    }
}
