package dev.weft.cli;

import dev.weft.kv.ratis.RatisPeer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How a server of role kv holds its store.
 *
 * @param peer id of this server among the peers of engine ratis
 * @param peers of engine ratis: all of the first ones, or this one alone if it joins a store that is there
 * @param joins whether this peer waits to be added
 */
record StoreSettings(Engine engine, String peer, List<RatisPeer> peers, boolean joins) {
    /** What a store is made of. */
    enum Engine {
        /** One process. */
        ROCKSDB,
        /** Replicated over several processes. */
        RATIS
    }

    static final List<String> KEYS = List.of("engine", "peer", "peers", "join");

    StoreSettings {
        peers = List.copyOf(peers);
        if (engine == Engine.RATIS) {
            String id = peer;
            if (peers.stream().noneMatch(one -> one.id().equals(id))) {
                throw new UsageException("peer '" + peer + "' is not among the peers '" + text(peers) + "'");
            }
            if (joins && peers.size() != 1) {
                throw new UsageException("a peer that joins is given itself as the only one of the peers");
            }
            if (!joins && peers.size() < 3) {
                throw new UsageException("engine ratis wants 3 peers or more, not " + peers.size());
            }
        } else if (!peer.isEmpty() || !peers.isEmpty() || joins) {
            throw new UsageException("peer, peers and join are for engine ratis only");
        }
    }

    static StoreSettings alone() {
        return new StoreSettings(Engine.ROCKSDB, "", List.of(), false);
    }

    static StoreSettings of(Map<String, String> values) {
        try {
            return new StoreSettings(
                    engine(values.getOrDefault("engine", "rocksdb")),
                    values.getOrDefault("peer", ""),
                    RatisPeer.parseAll(values.getOrDefault("peers", "")),
                    yes(values.getOrDefault("join", "false")));
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static Engine engine(String text) {
        for (Engine engine : Engine.values()) {
            if (engine.name().equalsIgnoreCase(text)) {
                return engine;
            }
        }
        throw new UsageException("engine '" + text + "' is none of rocksdb, ratis");
    }

    private static boolean yes(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new UsageException("join '" + text + "' is neither true nor false");
        };
    }

    private static String text(List<RatisPeer> peers) {
        return peers.stream().map(RatisPeer::toString).collect(Collectors.joining(","));
    }

    void putValues(Map<String, String> values) {
        values.put("engine", Names.lower(engine));
        values.put("peer", peer);
        values.put("peers", text(peers));
        values.put("join", Boolean.toString(joins));
    }
}
