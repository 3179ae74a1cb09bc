package dev.weft.storage;

import static dev.weft.storage.FakeManager.target;
import static java.util.Objects.requireNonNull;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.LocalState;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.member.Member;
import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.ChunkData;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkListRequest;
import dev.weft.api.storage.ChunkOperation;
import dev.weft.api.storage.ReadPiece;
import dev.weft.api.storage.ReadRequest;
import dev.weft.api.storage.ReadResult;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault.Kind;
import dev.weft.api.storage.StorageService;
import dev.weft.api.storage.UpdateReply;
import dev.weft.api.storage.UpdateRequest;
import dev.weft.api.storage.WriteTag;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.storage.engine.Checksum;
import dev.weft.storage.engine.EngineOptions;
import dev.weft.storage.engine.FileDisk;
import dev.weft.storage.engine.ReloadableEngine;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Three storage services, and a client that retries as a real one does. */
final class TestCluster implements AutoCloseable {
    static final int CHUNK_SIZE = 1 << 20;

    final FakeManager manager = new FakeManager();
    private final TestNetwork network;
    private final Path folder;
    private final Map<Integer, StorageServer> servers = new ConcurrentHashMap<>();

    /** Nodes that others cannot reach. */
    private final Set<Integer> cutOff = ConcurrentHashMap.newKeySet();

    private final UUID client = new UUID(7, 7);
    private long sequence;

    TestCluster(Path folder, TestNetwork network) {
        this.folder = folder;
        this.network = network;
    }

    /** Starts all nodes and brings the chain into service. */
    static TestCluster serving(Path folder, TestNetwork network) throws Exception {
        TestCluster cluster = new TestCluster(folder, network);
        for (int node = 1; node <= 3; node++) {
            cluster.start(node);
        }
        cluster.manager.publish(
                target(1, PublicState.OFFLINE), target(2, PublicState.OFFLINE), target(3, PublicState.OFFLINE));
        for (int node = 1; node <= 3; node++) {
            cluster.manager.await(node, LocalState.ONLINE);
        }
        cluster.publish(PublicState.SERVING, PublicState.SERVING, PublicState.SERVING);
        for (int node = 1; node <= 3; node++) {
            cluster.manager.await(node, LocalState.UP_TO_DATE);
        }
        return cluster;
    }

    /** Publishes the chain 1, 2, 3 with these states. */
    Chain publish(PublicState first, PublicState second, PublicState third) {
        return manager.publish(target(1, first), target(2, second), target(3, third));
    }

    void start(int node) throws IOException {
        StorageConfig config = new StorageConfig(
                node, 1, List.of(), List.of((long) node), Duration.ofMillis(100), Duration.ofSeconds(5));
        StorageServer server = new StorageServer(
                config,
                Environment.system(),
                new ReloadableEngine(
                        () -> FileDisk.open(folder.resolve("node" + node)),
                        Thread.ofPlatform().name("commit-" + node).factory(),
                        EngineOptions.defaults()),
                manager,
                peer -> reach(node, peer),
                network.memory(node),
                Member.fresh());
        servers.put(node, server);
        network.serve(node, server.service());
        cutOff.remove(node);
        server.start();
    }

    void stop(int node) {
        manager.forgetReport(node);
        StorageServer server = servers.remove(node);
        if (server != null) {
            network.stop(node);
            server.close();
        }
    }

    StorageServer server(int node) {
        return requireNonNull(servers.get(node));
    }

    /** Brings a node that was started again back into service. */
    void rejoin(int node) throws Exception {
        publish(node, PublicState.OFFLINE);
        manager.await(node, LocalState.ONLINE);
        publish(node, PublicState.SYNCING);
        manager.await(node, LocalState.UP_TO_DATE);
        publish(node, PublicState.SERVING);
    }

    /** Publishes the chain with all serving but one, which comes last. */
    private void publish(int node, PublicState state) {
        List<ChainTarget> chain = new ArrayList<>();
        for (int other = 1; other <= 3; other++) {
            if (other != node) {
                chain.add(target(other, PublicState.SERVING));
            }
        }
        chain.add(target(node, state));
        manager.publish(chain.toArray(ChainTarget[]::new));
    }

    void cutOff(int node) {
        cutOff.add(node);
    }

    void heal(int node) {
        cutOff.remove(node);
    }

    /** A node as the client reaches it. */
    StorageService service(int node) {
        return network.reach(TestNetwork.CLIENT, node);
    }

    private StorageService reach(int from, NodeInfo node) {
        if (cutOff.contains(node.nodeId())) {
            throw new RpcException(StatusCode.UNAVAILABLE, "node " + node.nodeId() + " is cut off");
        }
        return network.reach(from, node.nodeId());
    }

    ChainRef chain() {
        return new ChainRef(
                FakeManager.CHAIN, manager.current().chains().getFirst().version());
    }

    WriteTag nextTag() {
        return new WriteTag(client, 0, ++sequence);
    }

    /** Writes at the head, as often as it takes. */
    UpdateReply write(ChunkId chunk, int offset, String text) throws Exception {
        return write(nextTag(), chunk, offset, text);
    }

    UpdateReply write(WriteTag tag, ChunkId chunk, int offset, String text) throws Exception {
        MemorySegment bytes = MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
        try (DataMover.Block block = network.memory(TestNetwork.CLIENT).acquire((int) bytes.byteSize())) {
            block.segment().copyFrom(bytes);
            return update(tag, chunk, write(offset, bytes, new ChunkData.Remote(block.readable())));
        }
    }

    static ChunkOperation.Write write(int offset, MemorySegment bytes, ChunkData data) {
        return new ChunkOperation.Write(CHUNK_SIZE, offset, (int) bytes.byteSize(), Checksum.of(bytes), data);
    }

    UpdateReply update(WriteTag tag, ChunkId chunk, ChunkOperation operation) throws Exception {
        while (true) {
            try {
                return updateOnce(tag, chunk, operation);
            } catch (StorageException e) {
                Kind kind = e.detail().kind();
                if (kind != Kind.WRONG_CHAIN_VERSION && kind != Kind.NOT_SERVING && kind != Kind.IN_PROGRESS) {
                    throw e;
                }
            } catch (RpcException e) {
                if (e.code() != StatusCode.UNAVAILABLE && e.code() != StatusCode.CONNECTION_LOST) {
                    throw e;
                }
            }
            Environment.system().clock().sleep(Duration.ofMillis(5));
        }
    }

    UpdateReply updateOnce(WriteTag tag, ChunkId chunk, ChunkOperation operation) throws StorageException {
        int head = manager.current().chains().getFirst().targets().getFirst().nodeId();
        return service(head).update(new UpdateRequest(chain(), chunk, tag, operation));
    }

    /** Reads a whole chunk of one replica, once. */
    ReadResult readOnce(int node, ChunkId chunk) {
        ReadPiece piece = new ReadPiece(chain(), node, chunk, 0, CHUNK_SIZE, Optional.empty());
        return service(node).read(new ReadRequest(List.of(piece))).results().getFirst();
    }

    boolean hasPending(int node, ChunkId chunk) throws StorageException {
        return service(node).listChunks(new ChunkListRequest(chain(), node, Optional.empty(), 100)).chunks().stream()
                .anyMatch(stat -> stat.chunk().equals(chunk) && stat.pending());
    }

    /** Reads a whole chunk of one replica once that replica serves. */
    String read(int node, ChunkId chunk) throws Exception {
        while (true) {
            switch (readOnce(node, chunk)) {
                case ReadResult.NotFound() -> {
                    return "(none)";
                }
                case ReadResult.Found found -> {
                    return new String(found.bytes().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
                }
                case ReadResult.Failed(var fault) -> {
                    if (fault.kind() != Kind.WRONG_CHAIN_VERSION && fault.kind() != Kind.NOT_SERVING) {
                        throw new StorageException(fault);
                    }
                    Environment.system().clock().sleep(Duration.ofMillis(5));
                }
            }
        }
    }

    @Override
    public void close() {
        for (int node : List.copyOf(servers.keySet())) {
            stop(node);
        }
    }
}
