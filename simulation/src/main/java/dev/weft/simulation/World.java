package dev.weft.simulation;

import dev.weft.api.storage.ChunkId;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Clock;
import dev.weft.rpc.testkit.InMemoryNetwork;
import dev.weft.rpc.testkit.LinkConditions;
import dev.weft.rpc.testkit.Simulation;
import dev.weft.storage.DataMover;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Machines and the network between them, and what has happened so far. For the threads of one simulation. */
final class World implements Site {
    static final int STORAGE_NODES = 5;
    static final int REPLICAS = 3;
    static final int TARGETS_PER_NODE = 3;
    static final int CLIENTS = 3;
    static final int MANAGERS_MAX = 3;
    static final int REPEATED_PER_MILLION = 20_000;
    static final int CHUNK_SIZE = 64 << 10;

    /** A chunk and where it is. */
    record Place(int chainId, ChunkId chunk) {}

    /** Few, so that clients are in each other's way. */
    static final List<Place> CHUNKS = List.of(
            new Place(1, new ChunkId(7, 0)),
            new Place(1, new ChunkId(7, 5)),
            new Place(2, new ChunkId(7, 1)),
            new Place(3, new ChunkId(9, 0)),
            new Place(4, new ChunkId(9, 1)));

    private static final LinkConditions USUAL = new LinkConditions(Duration.ofNanos(30_000), Duration.ofMillis(2), 300);

    private final Simulation simulation;
    private final Parts parts;
    private final InMemoryNetwork network;
    private final History history = new History();
    private final Coverage coverage = new Coverage();
    private final List<TrackedMemory> memory = new ArrayList<>();
    private @Nullable AssertionError failure;

    final StoreWatch storeWatch;
    private final SharedStore store;
    final List<ManagerNode> managers = new ArrayList<>();
    final List<StorageNode> storage = new ArrayList<>();
    final List<ClientNode> clients = new ArrayList<>();
    final OperatorNode operator;

    /** So many of a million requests that change something come a second time, late. */
    int repeatedPerMillion = REPEATED_PER_MILLION;

    /** Whether clients go on. */
    boolean working = true;

    World(Simulation simulation, Parts parts) {
        this.simulation = simulation;
        this.parts = parts;
        this.network = new InMemoryNetwork(simulation.environment());
        network.setConditions(USUAL);
        this.storeWatch = new StoreWatch(this);
        this.store = new SharedStore(simulation.environment(), coverage, storeWatch);
        int howMany = random().nextInt(2, MANAGERS_MAX + 1);
        for (int i = 1; i <= howMany; i++) {
            managers.add(new ManagerNode(this, i));
        }
        for (int i = 1; i <= STORAGE_NODES; i++) {
            storage.add(new StorageNode(this, i));
        }
        for (int i = 1; i <= CLIENTS; i++) {
            clients.add(new ClientNode(this, "c" + i));
        }
        operator = new OperatorNode(this);
    }

    List<Node> nodes() {
        List<Node> nodes = new ArrayList<>(storage);
        nodes.addAll(managers);
        nodes.addAll(clients);
        nodes.add(operator);
        return nodes;
    }

    @Override
    public Simulation simulation() {
        return simulation;
    }

    Parts parts() {
        return parts;
    }

    @Override
    public InMemoryNetwork network() {
        return network;
    }

    SharedStore store() {
        return store;
    }

    List<String> managerAddresses() {
        return managers.stream().map(Node::address).toList();
    }

    History history() {
        return history;
    }

    Coverage coverage() {
        return coverage;
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

    /** One more storage node, whose targets no chain has. */
    void addNode() {
        StorageNode added = new StorageNode(this, storage.size() + 1);
        storage.add(added);
        added.start();
    }

    /** Ends all that faults have done and that does not end by itself. */
    void heal() {
        network.heal();
        store.heal();
        // One may not have been able to start while its disk failed.
        nodes().forEach(Node::start);
    }

    void usualNetwork() {
        network.setConditions(USUAL);
    }

    DataMover memory(BufferPool buffers) {
        TrackedMemory tracked = new TrackedMemory(buffers);
        memory.add(tracked);
        return tracked;
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

    /** Gives back what the processes had of the machine's memory. */
    void release() {
        memory.forEach(TrackedMemory::release);
    }
}
