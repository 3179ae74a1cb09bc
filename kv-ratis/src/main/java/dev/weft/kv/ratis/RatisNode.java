package dev.weft.kv.ratis;

import dev.weft.kv.StorePeer;
import dev.weft.kv.StoreStatus;
import dev.weft.kv.engine.RocksDbSnapshot;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.jspecify.annotations.Nullable;

/** The Ratis server of one peer, and its state. Thread-safe. */
final class RatisNode implements Proposer.Peer, AutoCloseable {
    /** A machine holds one peer of one store, so all stores may have the same name. */
    private static final RaftGroupId GROUP =
            RaftGroupId.valueOf(UUID.nameUUIDFromBytes("weft-kv".getBytes(StandardCharsets.UTF_8)));

    /** For what an operator asks for: a new peer is sent all data meanwhile. */
    private static final long ADMIN_TIMEOUT_MILLIS = 60_000;

    private final RaftServer server;
    private final RaftServer.Division division;
    private final ReplicatedState state;
    private final RaftPeerId self;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();

    private RatisNode(RaftServer server, ReplicatedState state, RaftPeerId self) throws IOException {
        this.server = server;
        this.division = server.getDivision(GROUP);
        this.state = state;
        this.self = self;
    }

    static RatisNode start(RatisConfig config) throws IOException {
        ReplicatedState state = new ReplicatedState(config.folder());
        RaftPeerId self = RaftPeerId.valueOf(config.self());
        boolean known = Files.isDirectory(
                config.folder().resolve("raft").resolve(GROUP.getUuid().toString()));
        RaftServer server = RaftServer.newBuilder()
                .setServerId(self)
                .setGroup(RaftGroup.valueOf(
                        GROUP,
                        config.joins()
                                ? List.of()
                                : config.peers().stream()
                                        .map(RatisNode::raftPeer)
                                        .toList()))
                .setStateMachine(state)
                .setProperties(RatisSettings.of(config))
                .setOption(known ? RaftStorage.StartupOption.RECOVER : RaftStorage.StartupOption.FORMAT)
                .build();
        server.start();
        return new RatisNode(server, state, self);
    }

    private static RaftPeer raftPeer(RatisPeer peer) {
        return RaftPeer.newBuilder().setId(peer.id()).setAddress(peer.address()).build();
    }

    @Override
    public OptionalLong leadingTerm() {
        DivisionInfo info = division.getInfo();
        long term = info.getCurrentTerm();
        boolean leads = info.isAlive() && info.isLeaderReady() && info.getCurrentTerm() == term;
        return leads ? OptionalLong.of(term) : OptionalLong.empty();
    }

    @Override
    public long version() {
        return state.version();
    }

    RocksDbSnapshot retainNewest() {
        return state.retainNewest();
    }

    @Override
    public CompletableFuture<Boolean> propose(ByteBuffer entry) {
        return send(Message.valueOf(ReplicatedState.bytes(entry)), RaftClientRequest.writeRequestType())
                .thenApply(reply -> {
                    String answer = reply.getMessage().getContent().toStringUtf8();
                    return answer.equals(ReplicatedState.APPLIED.getContent().toStringUtf8());
                });
    }

    private CompletableFuture<RaftClientReply> send(Message message, RaftClientRequest.Type type) {
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(self)
                .setGroupId(GROUP)
                .setCallId(calls.incrementAndGet())
                .setMessage(message)
                .setType(type)
                .build();
        try {
            return server.submitClientRequestAsync(request).thenApply(RatisNode::successful);
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static RaftClientReply successful(RaftClientReply reply) {
        if (!reply.isSuccess()) {
            throw new CompletionException(reply.getException());
        }
        return reply;
    }

    /**
     * Returns if this peer leads, and has applied every commit that was acknowledged before the call.
     *
     * @throws RpcException FAILED_PRECONDITION if another peer leads, or none
     */
    void confirmLeadership() {
        if (closed.get()) {
            throw new IllegalStateException("the store is closed");
        }
        if (leadingTerm().isEmpty()) {
            throw notLeading(null);
        }
        try {
            send(Message.EMPTY, RaftClientRequest.readRequestType()).get();
        } catch (ExecutionException e) {
            throw notLeading(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException(StatusCode.CANCELLED, "interrupted before a transaction began", e);
        }
    }

    private RpcException notLeading(@Nullable Throwable cause) {
        String leader = leader().map(id -> id.equals(self.toString()) ? "it is about to" : "peer " + id + " does")
                .orElse("nobody is known to");
        String message = "peer " + self + " does not lead the store; " + leader;
        return cause == null
                ? new RpcException(StatusCode.FAILED_PRECONDITION, message)
                : new RpcException(StatusCode.FAILED_PRECONDITION, message, cause);
    }

    private Optional<String> leader() {
        RaftPeerId leader = division.getInfo().getLeaderId();
        return leader == null ? Optional.empty() : Optional.of(leader.toString());
    }

    List<RatisPeer> peers() {
        return division.getRaftConf().getCurrentPeers().stream()
                .map(peer -> RatisPeer.of(peer.getId().toString(), peer.getAddress()))
                .sorted(Comparator.comparing(RatisPeer::id))
                .toList();
    }

    StoreStatus status() {
        DivisionInfo info = division.getInfo();
        return new StoreStatus(
                "ratis",
                self.toString(),
                leadingTerm().isPresent(),
                leader(),
                peers().stream()
                        .map(peer -> new StorePeer(peer.id(), peer.address()))
                        .toList(),
                info.getCurrentTerm(),
                state.version(),
                info.getLastAppliedIndex());
    }

    /** @throws RpcException FAILED_PRECONDITION if this peer does not lead */
    void setPeers(List<RatisPeer> peers) {
        if (leadingTerm().isEmpty()) {
            throw notLeading(null);
        }
        try {
            successful(server.setConfiguration(new SetConfigurationRequest(
                    client,
                    self,
                    GROUP,
                    calls.incrementAndGet(),
                    peers.stream().map(RatisNode::raftPeer).toList())));
        } catch (IOException | RuntimeException e) {
            throw new RpcException(StatusCode.ABORTED, "peers are not changed to " + peers + ": " + e.getMessage(), e);
        }
    }

    void takeSnapshot() {
        try {
            successful(server.snapshotManagement(SnapshotManagementRequest.newCreate(
                    client, self, GROUP, calls.incrementAndGet(), ADMIN_TIMEOUT_MILLIS)));
        } catch (IOException e) {
            throw new RpcException(StatusCode.ABORTED, "no snapshot is written: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        try {
            server.close();
        } catch (IOException e) {
            System.getLogger(RatisNode.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot close peer " + self, e);
        } finally {
            state.close();
        }
    }
}
