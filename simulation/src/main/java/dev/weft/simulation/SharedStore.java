package dev.weft.simulation;

import dev.weft.kv.KeyValueStore;
import dev.weft.kv.MemoryKeyValueStore;
import dev.weft.kv.StoreCommit;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.StoreOutcome;
import dev.weft.kv.StoreServer;
import dev.weft.kv.StoreService;
import dev.weft.kv.StoreWrite;
import dev.weft.rpc.Environment;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The key-value store that several servers share, and its ways to them. What is in it outlives everything; snapshots held
 * for servers do not outlive {@link #restart}. For the threads of one simulation.
 */
public final class SharedStore {
    /** Looks at what is committed, in the order in which it takes effect. */
    public interface Watch {
        /** Whether this is a change that a fault may wait for. */
        boolean matters(List<StoreWrite> writes);

        void committed(String holder, List<StoreWrite> writes);
    }

    private static final int MILLION = 1_000_000;

    private final Coverage coverage;
    private final Environment environment;
    private final KeyValueStore store;
    private final Set<String> cutOff = new HashSet<>();
    private final Set<String> trapped = new HashSet<>();
    private final Set<String> delayed = new HashSet<>();
    private final Watch watch;
    private StoreServer server;
    private boolean down;
    private boolean downAtNextChange;

    /** So many of a million commits do not end as they should. */
    public int upsetPerMillion;

    /** @param environment that outlives processes */
    public SharedStore(Environment environment, Coverage coverage, Watch watch) {
        this.environment = environment;
        this.coverage = coverage;
        this.watch = watch;
        this.store = new MemoryKeyValueStore(StoreLimits.defaults(), environment);
        this.server = new StoreServer(store, environment);
    }

    /** The store as a process of {@code node} reaches it. */
    public StoreService link(String node, int incarnation, Environment process) {
        return new StoreLink(this, node, node + " (start " + incarnation + ")", process);
    }

    StoreService server() {
        return server;
    }

    public void cutOff(String node) {
        cutOff.add(node);
    }

    /** Cuts a node off when it has sent its next change that matters: it will not know whether that is stored. */
    public void cutOffAtNextChange(String node) {
        trapped.add(node);
    }

    /** Lets the commits of a node take long on their way, so that others may have taken its place by then. */
    public void delay(String node) {
        delayed.add(node);
    }

    boolean isDelayed(String node) {
        return delayed.contains(node);
    }

    public void heal() {
        restart();
        delayed.clear();
        cutOff.clear();
        trapped.clear();
        upsetPerMillion = 0;
    }

    boolean isCutOff(String node) {
        return down || cutOff.contains(node);
    }

    public void reconnect(String node) {
        trapped.remove(node);
        delayed.remove(node);
        cutOff.remove(node);
    }

    /** The process that serves it ends, at once or when it has taken the next change that matters. */
    public void crash(boolean atNextChange) {
        down = !atNextChange;
        downAtNextChange = atNextChange;
    }

    /** It is there again, and holds no snapshots. */
    public void restart() {
        down = false;
        downAtNextChange = false;
        server = new StoreServer(store, environment);
    }

    /** Decides about the writes of {@code holder}, on one of the ways that a store may. */
    StoreOutcome commit(String node, String holder, StoreCommit request, RandomGenerator random) {
        if ((downAtNextChange || trapped.contains(node)) && watch.matters(request.writes())) {
            down |= downAtNextChange;
            downAtNextChange = false;
            if (trapped.remove(node)) {
                cutOff.add(node);
            }
            coverage.count("store.answer-lost");
        }
        if (random.nextInt(MILLION) >= upsetPerMillion) {
            return decide(holder, request);
        }
        int dice = random.nextInt(4);
        coverage.count("store." + (dice == 0 ? "read-changed" : dice == 1 ? "too-old" : "maybe-committed"));
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
