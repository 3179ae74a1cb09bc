package dev.weft.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A tree of files that follows from a seed: from empty to 512 MiB, with the edges of chunks, and 1 GiB or more. */
final class SeededTree {
    private static final int MIB = 1 << 20;

    /** Around the edges of a chunk of 1 MiB, and one file that is half of all. */
    private static final long[] LENGTHS = {
        0,
        1,
        4095,
        4096,
        65_535,
        65_537,
        MIB - 1,
        MIB,
        MIB + 1,
        3 * MIB + 7,
        16 * MIB,
        100 * MIB,
        200 * MIB + 3,
        512 * MIB
    };

    private static final int SMALL_FILES = 300;
    private static final int SMALL_MAX = 64 << 10;
    private static final int MEDIUM_FILES = 48;
    private static final int MEDIUM_MAX = 8 * MIB;

    private SeededTree() {}

    /** One file of the tree. */
    record Item(String folder, String path, long length, long seed) {
        SeededBytes bytes() {
            return new SeededBytes(seed, length);
        }
    }

    static List<Item> of(long seed, String root) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Item> items = new ArrayList<>();
        for (long length : LENGTHS) {
            add(items, root + "/edges", length, random);
        }
        for (int i = 0; i < SMALL_FILES; i++) {
            add(items, root + "/small/" + i % 10, random.nextLong(SMALL_MAX), random);
        }
        for (int i = 0; i < MEDIUM_FILES; i++) {
            add(items, root + "/medium/" + i % 4, random.nextLong(MEDIUM_MAX / 2, MEDIUM_MAX), random);
        }
        return items;
    }

    private static void add(List<Item> items, String folder, long length, SplittableRandom random) {
        String path = String.format("%s/%03d-%d", folder, items.size(), length);
        items.add(new Item(folder, path, length, random.nextLong()));
    }
}
