package dev.weft.simulation.meta;

import dev.weft.api.meta.MetaService;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.StoreService;
import java.util.Set;
import java.util.UUID;

/** What stands between the parts of a node: nothing. A test that wants a node to misbehave puts itself there. */
public interface MetaParts {
    MetaParts AS_THEY_ARE = new MetaParts() {};

    /** The way to the store. */
    default StoreService link(StoreService link) {
        return link;
    }

    /** The store, as a metadata server reaches it. */
    default KeyValueStore store(KeyValueStore store) {
        return store;
    }

    /** Whether a server is taken to be alive. */
    default boolean alive(boolean alive) {
        return alive;
    }

    /** Which clients are taken to be there, of all that ever were. */
    default Set<UUID> clients(Set<UUID> there, Set<UUID> all) {
        return there;
    }

    /** A metadata server, as it serves clients. */
    default MetaService served(MetaService service) {
        return service;
    }

    /** The metadata service, as a client reaches it. */
    default MetaService reached(MetaService service) {
        return service;
    }
}
