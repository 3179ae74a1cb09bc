package dev.weft.simulation;

import dev.weft.kv.KeyValueStore;
import dev.weft.kv.MemoryKeyValueStore;
import dev.weft.kv.StoreCommit;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.StoreOutcome;
import dev.weft.kv.StoreServer;
import dev.weft.kv.StoreService;
import dev.weft.rpc.Environment;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The key-value store that the managers share, and its ways to them. What is in it outlives everything; snapshots held for
 * managers do not outlive {@link #restart}.
 */
final class SharedStore {
    private static final int MILLION = 1_000_000;

    private final World world;
    private final Environment environment;
    private final KeyValueStore store;
    private final Set<String> cutOff = new HashSet<>();
    private final Set<String> trapped = new HashSet<>();
    private final Set<String> delayed = new HashSet<>();
    final StoreWatch watch;
    private StoreServer server;
    private boolean down;
    private boolean downAtNextChange;

    /** So many of a million commits do not end as they should. */
    int upsetPerMillion;

    SharedStore(World world) {
        this.world = world;
        this.environment = world.simulation().environment();
        this.store = new MemoryKeyValueStore(StoreLimits.defaults(), environment);
        this.server = new StoreServer(store, environment);
        this.watch = new StoreWatch(world);
    }

    /** The store as a process of {@code node} reaches it. */
    StoreService link(String node, int incarnation, Environment process) {
        return new StoreLink(this, node, node + " (start " + incarnation + ")", process);
    }

    StoreService server() {
        return server;
    }

    void cutOff(String node) {
        cutOff.add(node);
    }

    /** Cuts a node off when it has sent its next change of the cluster map: it will not know whether that is stored. */
    void cutOffAtNextChange(String node) {
        trapped.add(node);
    }

    /** Lets the commits of a node take long on their way, so that others may have taken its place by then. */
    void delay(String node) {
        delayed.add(node);
    }

    boolean isDelayed(String node) {
        return delayed.contains(node);
    }

    void heal() {
        restart();
        delayed.clear();
        cutOff.clear();
        trapped.clear();
        upsetPerMillion = 0;
    }

    boolean isCutOff(String node) {
        return down || cutOff.contains(node);
    }

    void reconnect(String node) {
        trapped.remove(node);
        delayed.remove(node);
        cutOff.remove(node);
    }

    /** The process that serves it ends, at once or when it has taken the next change of the cluster map. */
    void crash(boolean atNextChange) {
        down = !atNextChange;
        downAtNextChange = atNextChange;
    }

    /** It is there again, and holds no snapshots. */
    void restart() {
        down = false;
        downAtNextChange = false;
        server = new StoreServer(store, environment);
    }

    /** Decides about the writes of {@code holder}, on one of the ways that a store may. */
    StoreOutcome commit(String node, String holder, StoreCommit request, RandomGenerator random) {
        if ((downAtNextChange || trapped.contains(node)) && StoreWatch.changesMap(request.writes())) {
            down |= downAtNextChange;
            downAtNextChange = false;
            if (trapped.remove(node)) {
                cutOff.add(node);
            }
            world.coverage().count("store.answer-lost");
        }
        if (random.nextInt(MILLION) >= upsetPerMillion) {
            return decide(holder, request);
        }
        int dice = random.nextInt(4);
        world.coverage().count("store." + (dice == 0 ? "read-changed" : dice == 1 ? "too-old" : "maybe-committed"));
        return switch (dice) {
            case 0 -> new StoreOutcome.ReadChanged();
            case 1 -> new StoreOutcome.TooOld();
            case 2 -> new StoreOutcome.MaybeCommitted("as the simulation wants");
            default -> {
                decide(holder, request);
                yield new StoreOutcome.MaybeCommitted("as the simulation wants");
            }
        };
    }

    private StoreOutcome decide(String holder, StoreCommit request) {
        StoreOutcome outcome = server.commit(request);
        if (outcome instanceof StoreOutcome.Committed) {
            watch.committed(holder, request.writes());
        }
        return outcome;
    }
}
