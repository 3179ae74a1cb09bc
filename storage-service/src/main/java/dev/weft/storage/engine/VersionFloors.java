package dev.weft.storage.engine;

import dev.weft.storage.engine.DiskIndex.IndexChange;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The highest version at which a chunk of a target was removed, for each target. A chunk that is created begins above it, so
 * that versions of a chunk grow also where it was removed in between, and nothing has to be kept for each removed one.
 */
final class VersionFloors {
    /** Changed by one thread at a time: see {@link GroupCommit#writeInOrder}. */
    private final Map<Long, Long> floors = new ConcurrentHashMap<>();

    void load(byte[] key, byte[] value) throws IOException {
        floors.put(IndexRecords.readFloorKey(key), IndexRecords.readFloor(value));
    }

    long of(long target) {
        return floors.getOrDefault(target, 0L);
    }

    /** Raises a floor, if it is below {@code number}; returns what the index must hear of it. */
    List<IndexChange> raise(long target, long number) {
        if (number <= of(target)) {
            return List.of();
        }
        floors.put(target, number);
        return List.of(new IndexChange(IndexRecords.floorKey(target), IndexRecords.floor(number)));
    }
}
