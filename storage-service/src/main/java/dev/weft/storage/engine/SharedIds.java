package dev.weft.storage.engine;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** One object for all equal ids: few clients write many chunks. */
final class SharedIds {
    /** With more clients than this, the ids are forgotten, and shared anew from then on. */
    private static final int MAX = 10_000;

    private static final Map<UUID, UUID> KNOWN = new ConcurrentHashMap<>();

    private SharedIds() {}

    static UUID of(UUID id) {
        UUID known = KNOWN.putIfAbsent(id, id);
        if (known != null) {
            return known;
        }
        if (KNOWN.size() > MAX) {
            KNOWN.clear();
        }
        return id;
    }
}
