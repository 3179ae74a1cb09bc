package dev.weft.simulation.meta;

import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.RoutingInfo;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.kv.Bytes;
import dev.weft.kv.StoreWrite;
import dev.weft.rpc.Clock;
import dev.weft.rpc.testkit.InMemoryNetwork;
import dev.weft.rpc.testkit.LinkConditions;
import dev.weft.rpc.testkit.Simulation;
import dev.weft.simulation.Coverage;
import dev.weft.simulation.Node;
import dev.weft.simulation.SharedStore;
import dev.weft.simulation.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Metadata servers, their store, and clients, and what has happened so far. For the threads of one simulation. */
final class MetaWorld implements Site {
    static final int CLIENTS = 3;
    private static final int SERVERS_MAX = 3;
    private static final int MADE_MAX = 4;
    private static final LinkConditions USUAL = new LinkConditions(Duration.ofNanos(30_000), Duration.ofMillis(2), 300);

    /** Under which servers remember requests: all changes of the tree. */
    private static final Bytes REQUESTS = Bytes.ofUtf8("MR");

    private final Simulation simulation;
    private final MetaParts parts;
    private final InMemoryNetwork network;
    private final TreeHistory history = new TreeHistory();
    private final Coverage coverage = new Coverage();
    private final SharedStore store;
    private @Nullable AssertionError failure;

    private final List<String> made = new ArrayList<>();

    final ChunkLengths chunks = new ChunkLengths();
    final List<MetaServerNode> servers = new ArrayList<>();
    final List<TreeClientNode> clients = new ArrayList<>();

    /** The id of the client that each machine runs, or ran last; and all ids there ever were. */
    private final Map<String, UUID> processes = new HashMap<>();

    private final Set<UUID> allClients = new HashSet<>();

    /** So many of a million requests that were answered come a second time, late. */
    int repeatedPerMillion;

    /** Whether clients go on. */
    boolean working = true;

    MetaWorld(Simulation simulation, MetaParts parts) {
        this.simulation = simulation;
        this.parts = parts;
        this.network = new InMemoryNetwork(simulation.environment());
        network.setConditions(USUAL);
        this.store = new SharedStore(simulation.environment(), coverage, new SharedStore.Watch() {
            @Override
            public boolean matters(List<StoreWrite> writes) {
                return writes.stream()
                        .anyMatch(write -> write instanceof StoreWrite.Put(var key, var _)
                                && Bytes.copyOf(key).startsWith(REQUESTS));
            }

            @Override
            public void committed(String holder, List<StoreWrite> writes) {
                // What counts is what clients are told.
            }
        });
        int howMany = random().nextInt(2, SERVERS_MAX + 1);
        for (int i = 1; i <= howMany; i++) {
            servers.add(new MetaServerNode(this, i));
        }
        for (int i = 1; i <= CLIENTS; i++) {
            clients.add(new TreeClientNode(this, "c" + i));
        }
    }

    /** The servers as a manager knows them. */
    Routing servers() {
        List<NodeInfo> nodes = servers.stream()
                .map(server -> new NodeInfo(
                        server.nodeId, NodeRole.META, List.of(server.address()), parts.alive(server.isRunning())))
                .toList();
        return Routing.of(new RoutingInfo(1, nodes, List.of()));
    }

    /** A process of a client has begun. */
    void began(TreeClientNode client, UUID id) {
        processes.put(client.name, id);
        allClients.add(id);
    }

    /** Those whose process runs, as a manager knows them. */
    Set<UUID> liveClients() {
        Set<UUID> there = clients.stream()
                .filter(client -> client.isRunning() && processes.containsKey(client.name))
                .map(client -> processes.get(client.name))
                .collect(Collectors.toSet());
        return parts.clients(there, allClients);
    }

    /** Those that really do. */
    boolean isThere(UUID client) {
        return clients.stream().anyMatch(one -> one.isRunning() && client.equals(processes.get(one.name)));
    }

    List<Node> nodes() {
        List<Node> nodes = new ArrayList<>(servers);
        nodes.addAll(clients);
        return nodes;
    }

    @Override
    public Simulation simulation() {
        return simulation;
    }

    @Override
    public InMemoryNetwork network() {
        return network;
    }

    MetaParts parts() {
        return parts;
    }

    SharedStore store() {
        return store;
    }

    TreeHistory history() {
        return history;
    }

    Coverage coverage() {
        return coverage;
    }

    /** Paths at which something was made lately, by whomever. */
    List<String> made() {
        return made;
    }

    void noteMade(TreeOperation operation) {
        String path = operation.made();
        if (!path.isEmpty()) {
            made.remove(path);
            made.add(path);
            if (made.size() > MADE_MAX) {
                made.removeFirst();
            }
        }
    }

    Clock clock() {
        return simulation.environment().clock();
    }

    Duration now() {
        return Duration.ofNanos(clock().nanoTime());
    }

    RandomGenerator random() {
        return simulation.environment().random();
    }

    String[] addresses() {
        return servers.stream().map(Node::address).toArray(String[]::new);
    }

    /** Ends all that faults have done and that does not end by itself. */
    void heal() {
        network.heal();
        store.heal();
        repeatedPerMillion = 0;
        nodes().forEach(Node::start);
    }

    void usualNetwork() {
        network.setConditions(USUAL);
    }

    @Override
    public void fail(String what, @Nullable Throwable cause) {
        if (failure == null) {
            failure = new AssertionError(what, cause);
        }
    }

    void throwFailure() {
        if (failure != null) {
            throw failure;
        }
    }
}
