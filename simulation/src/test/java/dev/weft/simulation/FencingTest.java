package dev.weft.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.ReadPiece;
import dev.weft.api.storage.ReadRequest;
import dev.weft.api.storage.ReadResult;
import dev.weft.api.storage.StorageService;
import dev.weft.client.ChunkClient;
import dev.weft.client.FileSystemConfig;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.testkit.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A replica that is cut off, together with a reader, while the rest of the cluster goes on. */
final class FencingTest {
    private static final Logger ROOT = Logger.getLogger("");
    private static final World.Place PLACE = World.CHUNKS.getFirst();

    @BeforeAll
    static void silence() {
        ROOT.setLevel(Level.OFF);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void isolatedReplicaAnswersNoReadAfterHalfTheFailureTime(long seed) {
        assertEquals(0, staleReads(seed, Parts.AS_THEY_ARE));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void replicaWhoseLeaseNeverEndsIsFound(long seed) {
        assertFalse(staleReads(seed, Mutation.LEASE_NEVER_ENDS) == 0);
    }

    /** Reads that the isolated replica answered when it should not any more. */
    private static int staleReads(long seed, Parts parts) {
        AtomicInteger stale = new AtomicInteger();
        Simulation.run(seed, simulation -> {
            World world = new World(simulation, parts);
            world.managers.forEach(Node::start);
            world.storage.forEach(Node::start);
            Prober writer = new Prober(world, "writer", parts);
            Prober reader = new Prober(world, "reader", parts);
            writer.start();
            reader.start();
            simulation.environment().clock().sleep(Duration.ofSeconds(3));
            writer.write(1);
            Chain before = reader.chain();
            String isolated = "s" + before.targets().getLast().nodeId();
            assertEquals(1, reader.read(before), "the replica answers before it is cut off");
            for (Node other : world.nodes()) {
                if (!other.name.equals(isolated)) {
                    world.network().partition(isolated, other.name);
                }
                world.network().partition("reader", other.name.equals(isolated) ? "nobody" : other.name);
            }
            world.network().partition("writer", isolated);
            // Half of the failure time, and what clocks drift.
            simulation.environment().clock().sleep(Duration.ofMillis(1010));
            for (int i = 2; i < 6; i++) {
                writer.write(i);
                stale.addAndGet(reader.read(before));
            }
            world.release();
        });
        return stale.get();
    }

    /** A client whose calls the test's own thread makes. */
    private static final class Prober extends ClusterNode {
        private final Parts parts;
        private RpcClient rpc;
        private ChunkClient chunks;
        private RoutingFollower follower;

        @SuppressWarnings("NullAway.Init") // set by run, which has long happened when the test goes on
        Prober(World world, String name, Parts parts) {
            super(world, name);
            this.parts = parts;
        }

        @Override
        protected void run(Environment environment) {
            BufferPool buffers = buffers(environment);
            rpc = client(environment, buffers);
            follower = new RoutingFollower(manager(rpc, environment), environment);
            follower.start();
            chunks = new ChunkClient(
                    new FileSystemConfig(1 << 20, 4, Duration.ofSeconds(1), Duration.ofSeconds(20), 1024),
                    environment,
                    buffers,
                    follower,
                    node -> parts.reached(StorageNode.stub(rpc, node.addresses())));
        }

        Chain chain() {
            return follower.current().chain(PLACE.chainId()).orElseThrow();
        }

        void write(int value) throws Exception {
            chunks.write(PLACE.chainId(), PLACE.chunk(), World.CHUNK_SIZE, 0, new byte[] {(byte) value});
        }

        /** One if the last replica of the chain answers with bytes. */
        int read(Chain chain) {
            StorageService service = StorageNode.stub(
                    rpc, List.of("mem://s" + chain.targets().getLast().nodeId()));
            ReadPiece piece = new ReadPiece(
                    new ChainRef(chain.chainId(), chain.version()),
                    chain.targets().getLast().targetId(),
                    PLACE.chunk(),
                    0,
                    1,
                    Optional.empty());
            return service.read(new ReadRequest(List.of(piece))).results().getFirst() instanceof ReadResult.Found
                    ? 1
                    : 0;
        }
    }
}
