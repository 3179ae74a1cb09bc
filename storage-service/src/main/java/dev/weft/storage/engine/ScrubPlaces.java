package dev.weft.storage.engine;

import dev.weft.storage.engine.DiskIndex.IndexChange;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How far each target has been scrubbed: the last chunk that was looked at. */
final class ScrubPlaces {
    private final Map<Long, ChunkKey> places = new ConcurrentHashMap<>();

    void load(byte[] key, byte[] value) throws IOException {
        ChunkKey place = IndexRecords.readScrubbed(key, value);
        places.put(place.target(), place);
    }

    Optional<ChunkKey> of(long target) {
        return Optional.ofNullable(places.get(target));
    }

    IndexChange put(long target, @Nullable ChunkKey place) {
        if (place == null) {
            places.remove(target);
            return new IndexChange(IndexRecords.scrubbedKey(target), null);
        }
        places.put(target, place);
        return new IndexChange(IndexRecords.scrubbedKey(target), IndexRecords.scrubbed(place));
    }
}
