package dev.weft.cluster;

import dev.weft.kv.KeyValueStore;
import dev.weft.rpc.Environment;
import java.util.UUID;

/**
 * All that a manager knows while it is the primary, from one taking of the lease until it is lost. Loaded from the store;
 * what is not stored begins anew. For one thread at a time, but for the board.
 */
final class Term {
    final FencedStore store;
    final ClusterMapStore maps;
    final ClusterState state;
    final RoutingBoard board;
    final Configs configs;
    final Sessions sessions;

    private Term(
            FencedStore store,
            ClusterMapStore maps,
            ClusterState state,
            RoutingBoard board,
            Configs configs,
            Sessions sessions) {
        this.store = store;
        this.maps = maps;
        this.state = state;
        this.board = board;
        this.configs = configs;
        this.sessions = sessions;
    }

    /** @throws DeposedException if it is over already */
    static Term load(long number, ClusterManagerConfig config, Environment environment, KeyValueStore keyValues)
            throws InterruptedException {
        FencedStore store = new FencedStore(keyValues, number);
        ClusterMapStore maps = new ClusterMapStore(store);
        String clusterId = maps.clusterId(() ->
                new UUID(environment.random().nextLong(), environment.random().nextLong()).toString());
        ClusterMap map = maps.load();
        Configs configs = Configs.load(store);
        // After loading, which takes time that nodes and clients must not be charged with.
        long now = environment.clock().nanoTime();
        return new Term(
                store,
                maps,
                new ClusterState(config, clusterId, map, now),
                new RoutingBoard(environment.clock(), config, map),
                configs,
                Sessions.load(store, config, now));
    }

    long number() {
        return store.term();
    }

    /** Stores and shows what was proposed. */
    boolean decide(ClusterMap next) throws InterruptedException {
        if (next.version() == state.map().version()) {
            return false;
        }
        maps.save(state.map(), next);
        state.adopt(next);
        board.post(next);
        return true;
    }

    /** Nothing could be heard of nodes and clients for a while. */
    void pardon(long nanos) {
        state.pardon(nanos);
        sessions.pardon(nanos);
    }
}
