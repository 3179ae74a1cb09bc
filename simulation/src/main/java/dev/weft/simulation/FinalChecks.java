package dev.weft.simulation;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkListRequest;
import dev.weft.api.storage.ChunkStat;
import dev.weft.api.storage.StorageException;
import dev.weft.client.ChunkClient;
import dev.weft.client.FileSystemConfig;
import dev.weft.client.ReplicaChoice;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.BufferPoolConfig;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What has to be so once nothing goes wrong any more. Runs as one more client. */
final class FinalChecks extends ClusterNode {
    /** One of so many runs ends with all chains turned round. */
    private static final int ROTATED = 4;

    private static final FileSystemConfig CONFIG =
            new FileSystemConfig(1 << 20, 4, Duration.ofSeconds(3), Duration.ofSeconds(60), 1024);

    /** One of so many runs ends with damage to what nobody reads. */
    private static final int SCRUBBED = 4;

    /** Two rounds of the scrubber, with so few chunks. */
    private static final Duration SCRUB_TIME = Duration.ofSeconds(80);

    /** Longer than clients and services try. */
    private static final Duration QUIET = Duration.ofSeconds(15);

    /** Longest that the checks may take once they have begun. */
    private static final Duration TIME_MAX = Duration.ofMinutes(20);

    private boolean done;

    FinalChecks(World world) {
        super(world, "checks");
    }

    void await() throws InterruptedException {
        start();
        long end = world.clock().nanoTime() + TIME_MAX.toNanos();
        while (!done) {
            world.clock().sleep(Duration.ofMillis(100));
            world.throwFailure();
            if (world.clock().nanoTime() - end > 0) {
                throw new AssertionError("the checks do not come to an end");
            }
        }
        world.throwFailure();
    }

    @Override
    protected void run(Environment environment) throws Exception {
        try (BufferPool buffers = new BufferPool(new BufferPoolConfig(1 << 20, 64 << 10), environment)) {
            RpcClient rpc = client(environment, buffers);
            RoutingFollower follower = new RoutingFollower(manager(rpc, environment), environment);
            follower.start();
            Settling settling = new Settling(world, follower, OperatorNode.admin(world, rpc, environment));
            settling.await();
            if (world.random().nextInt(ROTATED) == 0) {
                settling.rotateAll();
            }
            // For what is still on its way from clients that have given up, or have ended.
            environment.clock().sleep(QUIET);
            ChunkClient chunks = new ChunkClient(
                    CONFIG,
                    environment,
                    buffers,
                    follower,
                    node -> world.parts().reached(StorageNode.stub(rpc, node.addresses())));
            // Of one node, and only now: what is damaged where nobody else has it is lost.
            world.storage.getFirst().disk.flipBits(world.random());
            world.coverage().count("fault.bit-flip");
            // What a head could not finish stays pending until somebody changes the chunk again.
            for (World.Place place : World.CHUNKS) {
                require(
                        Workload.perform(
                                world, chunks, place, new Operation.Write(0, new byte[] {42}), new ReplicaChoice.Any()),
                        "write of " + place);
            }
            readAll(follower.current(), chunks);
            compareReplicas(follower.current(), rpc);
            if (world.random().nextInt(SCRUBBED) == 0) {
                checkScrubber(follower.current(), chunks);
            }
            follower.close();
            rpc.close();
            done = true;
        }
    }

    private void readAll(Routing routing, ChunkClient chunks) throws InterruptedException {
        for (World.Place place : World.CHUNKS) {
            int replicas =
                    routing.chain(place.chainId()).orElseThrow().targets().size();
            for (int replica = 0; replica < replicas; replica++) {
                Operation read = new Operation.Read(0, World.CHUNK_SIZE);
                require(
                        Workload.perform(world, chunks, place, read, new ReplicaChoice.Position(replica)),
                        "read of " + place + " from replica " + replica);
            }
        }
    }

    /** Damage to what nobody reads is found and repaired: whoever reads later meets none. */
    private void checkScrubber(Routing routing, ChunkClient chunks) throws InterruptedException {
        StorageNode damaged = world.storage.get(1);
        damaged.disk.flipBits(world.random());
        world.coverage().count("fault.bit-flip-unread");
        world.clock().sleep(SCRUB_TIME);
        long met = damaged.damageMet();
        readAll(routing, chunks);
        if (damaged.damageMet() != met) {
            world.fail("the scrubber has left damage at " + damaged.name, null);
        }
    }

    private void require(Operation.@Nullable Answer answer, String what) {
        if (answer == null) {
            world.fail(what + " fails although nothing is wrong", null);
        }
    }

    private void compareReplicas(Routing routing, RpcClient rpc) throws InterruptedException {
        for (Chain chain : routing.chains()) {
            @Nullable List<ChunkStat> first = null;
            for (ChainTarget target : chain.targets()) {
                List<ChunkStat> stats = stats(routing, rpc, chain, target);
                if (first != null && !first.equals(stats)) {
                    world.fail("replicas of chain " + chain + " differ: " + first + " and " + stats, null);
                }
                first = stats;
            }
        }
    }

    private List<ChunkStat> stats(Routing routing, RpcClient rpc, Chain chain, ChainTarget target)
            throws InterruptedException {
        ChainRef ref = new ChainRef(chain.chainId(), chain.version());
        ChunkListRequest request = new ChunkListRequest(ref, target.targetId(), Optional.empty(), 1000);
        for (int attempt = 0; ; attempt++) {
            try {
                return StorageNode.stub(
                                rpc, routing.node(target.nodeId()).orElseThrow().addresses())
                        .listChunks(request)
                        .chunks();
            } catch (StorageException e) {
                throw new AssertionError("target " + target + " does not list its chunks", e);
            } catch (RpcException e) {
                if (attempt == 10) {
                    throw new AssertionError("target " + target + " does not answer", e);
                }
                // The network still loses something now and then.
                world.clock().sleep(Duration.ofMillis(500));
            }
        }
    }

    /** Whether what clients saw could have been, and throws what could not. */
    static void checkHistory(World world) {
        for (Map.Entry<ChunkId, List<History.Entry>> chunk :
                world.history().byChunk().entrySet()) {
            Linearizability.Result<History.Entry, ChunkModel> result =
                    Linearizability.check(ChunkModel.ABSENT, chunk.getValue());
            switch (result.verdict()) {
                case LINEARIZABLE -> {}
                case UNDECIDED -> world.coverage().count("checker.undecided");
                case NOT_LINEARIZABLE ->
                    throw new AssertionError(
                            "history of chunk " + chunk.getKey() + " is not linearizable: " + result.obstacle()
                                    + "\n"
                                    + String.join(
                                            "\n",
                                            chunk.getValue().stream()
                                                    .map(Object::toString)
                                                    .toList()));
            }
        }
    }
}
