package dev.weft.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A tree of files that follows from a seed: from empty to its largest, with the edges of chunks. */
final class SeededTree {
    private static final int MIB = 1 << 20;

    /** Around the edges of a chunk of 1 MiB. */
    private static final long[] EDGES = {0, 1, 4095, 4096, 65_535, 65_537, MIB - 1, MIB, MIB + 1, 3 * MIB + 7};

    private static final int SMALL_MAX = 64 << 10;
    private static final int MEDIUM_MAX = 8 * MIB;

    private SeededTree() {}

    /** One file of the tree. */
    record Item(String folder, String path, long length, long seed) {
        SeededBytes bytes() {
            return new SeededBytes(seed, length);
        }
    }

    /** How much there is. */
    enum Scale {
        /** More than 1 GiB, half of it in one file. */
        FULL(300, 48, 256L * MIB, 16L * MIB, 100L * MIB, 200L * MIB + 3, 512L * MIB),
        /** About 36 MiB. */
        SMALL(40, 1, 24L * MIB, 8L * MIB, 16L * MIB + 3);

        private final int smallFiles;
        private final int mediumFiles;

        @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
        private final long[] large;

        /** Of a file that is long enough for something to happen while it is written. */
        final long longWrite;

        Scale(int smallFiles, int mediumFiles, long longWrite, long... large) {
            this.smallFiles = smallFiles;
            this.mediumFiles = mediumFiles;
            this.longWrite = longWrite;
            this.large = large;
        }
    }

    static List<Item> of(long seed, Scale scale, String root) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Item> items = new ArrayList<>();
        for (long length : EDGES) {
            add(items, root + "/edges", length, random);
        }
        for (long length : scale.large) {
            add(items, root + "/edges", length, random);
        }
        for (int i = 0; i < scale.smallFiles; i++) {
            add(items, root + "/small/" + i % 10, random.nextLong(SMALL_MAX), random);
        }
        for (int i = 0; i < scale.mediumFiles; i++) {
            add(items, root + "/medium/" + i % 4, random.nextLong(MEDIUM_MAX / 2, MEDIUM_MAX), random);
        }
        return items;
    }

    private static void add(List<Item> items, String folder, long length, SplittableRandom random) {
        String path = String.format("%s/%03d-%d", folder, items.size(), length);
        items.add(new Item(folder, path, length, random.nextLong()));
    }
}
