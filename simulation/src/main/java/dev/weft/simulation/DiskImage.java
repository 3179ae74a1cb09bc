package dev.weft.simulation;

import dev.weft.storage.engine.DiskIndex.IndexChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What is on a disk, whichever process has it open: what is durable, and what is only in the cache of the machine.
 *
 * <p>The end of a process costs what it was writing at that moment, as a whole or in parts. The loss of power costs, besides,
 * what was not forced: files lose any pieces of it, the index its last changes.
 */
final class DiskImage {
    /** Smallest piece of a file that is written or not. */
    static final int SECTOR = 512;

    /** What a machine's cache keeps and writes back together. */
    static final int PAGE = 4096;

    final Map<String, FileImage> files = new TreeMap<>();
    final DiskFaults faults = new DiskFaults();
    private final TreeMap<byte[], byte[]> durableIndex = new TreeMap<>(Arrays::compareUnsigned);

    /** As the machine shows it. */
    TreeMap<byte[], byte[]> index = new TreeMap<>(Arrays::compareUnsigned);

    private final List<List<IndexChange>> unforced = new ArrayList<>();

    /** Being written at this moment. */
    final List<List<IndexChange>> changing = new ArrayList<>();

    void write(List<IndexChange> changes, boolean durable) {
        apply(changes, index);
        unforced.add(List.copyOf(changes));
        if (durable) {
            unforced.forEach(batch -> apply(batch, durableIndex));
            unforced.clear();
        }
    }

    private static void apply(List<IndexChange> changes, Map<byte[], byte[]> to) {
        for (IndexChange change : changes) {
            byte[] value = change.value();
            if (value == null) {
                to.remove(change.key());
            } else {
                to.put(change.key(), value);
            }
        }
    }

    /** The process that had it open has ended. */
    void processEnded(RandomGenerator random) {
        for (List<IndexChange> changes : changing) {
            if (random.nextBoolean()) {
                write(changes, false);
            }
        }
        changing.clear();
        files.values().forEach(file -> file.processEnded(random));
    }

    /** The machine has stopped; after {@link #processEnded}. */
    void powerLost(RandomGenerator random) {
        int kept = unforced.isEmpty() ? 0 : random.nextInt(unforced.size() + 1);
        unforced.subList(0, kept).forEach(batch -> apply(batch, durableIndex));
        unforced.clear();
        index = new TreeMap<>(Arrays::compareUnsigned);
        index.putAll(durableIndex);
        files.values().forEach(file -> file.powerLost(random));
    }

    /** Turns bits of files over. */
    void flipBits(RandomGenerator random) {
        files.values().forEach(file -> file.flipBits(random));
    }
}
