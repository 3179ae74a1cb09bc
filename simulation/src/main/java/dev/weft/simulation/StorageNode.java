package dev.weft.simulation;

import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.member.Member;
import dev.weft.api.storage.StorageService;
import dev.weft.api.storage.StorageServiceRpc;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.storage.Peers;
import dev.weft.storage.StorageConfig;
import dev.weft.storage.StorageServer;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.EngineOptions;
import dev.weft.storage.engine.ReloadableEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The machine of a storage service, with its disk. */
final class StorageNode extends ClusterNode {
    private static final Duration HEARTBEAT = Duration.ofMillis(300);
    private static final Duration FORWARD_PATIENCE = Duration.ofSeconds(4);

    private final int nodeId;
    final DiskImage disk = new DiskImage();

    /** Null while no process runs. */
    private @Nullable StorageServer current;

    StorageNode(World world, int nodeId) {
        super(world, "s" + nodeId);
        this.nodeId = nodeId;
    }

    @Override
    public void kill() {
        if (isRunning()) {
            collect();
            super.kill();
            disk.processEnded(world.random());
        }
    }

    /** Ends the process, and with it what the machine had not forced to the disk. */
    void losePower() {
        if (isRunning()) {
            kill();
            disk.powerLost(world.random());
        }
    }

    @Override
    protected void run(Environment environment) throws IOException {
        try {
            open(environment);
        } catch (IOException e) {
            if (!disk.faults.failing) {
                throw e;
            }
            kill();
        }
    }

    private void open(Environment environment) throws IOException {
        BufferPool buffers = buffers(environment);
        RpcClient client = client(environment, buffers);
        List<Long> targets = new ArrayList<>();
        for (int i = 1; i <= World.TARGETS_PER_NODE; i++) {
            targets.add(nodeId * 1000L + i);
        }
        StorageConfig config =
                new StorageConfig(nodeId, incarnation, List.of(address()), targets, HEARTBEAT, FORWARD_PATIENCE);
        Parts parts = world.parts();
        ChunkEngine engine = parts.engine(new ReloadableEngine(
                () -> parts.disk(new SimulatedDisk(disk, environment)),
                environment.threads(),
                EngineOptions.defaults().withGrowBytes(1 << 20)));
        StorageServer storage = new StorageServer(
                config,
                environment,
                engine,
                parts.manager(manager(client, environment)),
                new Peers() {
                    @Override
                    public StorageService storage(NodeInfo node) {
                        StorageService reached = parts.peer(stub(client, node.addresses()));
                        return new RepeatingStorage(world, environment, reached, null);
                    }

                    @Override
                    public void lost(NodeInfo node) {
                        client.disconnect(node.addresses(), "dead");
                    }
                },
                world.memory(buffers),
                Member.fresh());
        server(environment, buffers)
                .bind(StorageServiceRpc.SERVICE, parts.served(storage.service()))
                .start();
        storage.start();
        current = storage;
    }

    /** How often the process has met bytes that do not match their checksum. */
    long damageMet() {
        StorageServer server = current;
        return server == null ? 0 : server.counters().getOrDefault("storage.chunk-damaged", 0L);
    }

    /** Adds to the coverage what the process has counted. */
    void collect() {
        StorageServer ended = current;
        if (ended != null) {
            world.coverage().addAll(ended.counters());
            current = null;
        }
    }

    static StorageService stub(RpcClient client, List<String> addresses) {
        return client.stub(StorageServiceRpc.SERVICE, addresses.toArray(String[]::new));
    }
}
