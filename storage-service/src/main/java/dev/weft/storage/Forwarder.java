package dev.weft.storage;

import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkOperation;
import dev.weft.api.storage.ConfirmRequest;
import dev.weft.api.storage.ForwardRequest;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault.Kind;
import dev.weft.api.storage.UpdateReply;
import dev.weft.api.storage.UpdateRequest;
import dev.weft.api.storage.WriteTag;
import dev.weft.rpc.Clock;
import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.ChunkInfo;
import dev.weft.storage.engine.ChunkKey;
import dev.weft.storage.engine.ChunkReader;
import dev.weft.storage.engine.ChunkVersion;
import dev.weft.storage.engine.CorruptedChunkException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings a change to the successor, whoever that is at the time.
 *
 * <p>The chain is looked up anew for each attempt: a successor that fails leaves it, and then the next one, or none, is in
 * its place. The caller holds the lock on the chunk.
 */
final class Forwarder {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    /** After which an attempt is given up, and the chain looked at again; a repeated one does no harm. */
    static final Duration ATTEMPT = Duration.ofSeconds(5);

    private final Targets targets;
    private final Peers peers;
    private final ChunkEngine engine;
    private final DataMover mover;
    private final Repair repair;
    private final Environment environment;
    private final Clock clock;
    private final Duration patience;
    private final Counters counters;

    Forwarder(
            Targets targets,
            Peers peers,
            ChunkEngine engine,
            DataMover mover,
            Repair repair,
            Environment environment,
            Duration patience,
            Counters counters) {
        this.targets = targets;
        this.peers = peers;
        this.engine = engine;
        this.mover = mover;
        this.repair = repair;
        this.environment = environment;
        this.clock = environment.clock();
        this.patience = patience;
        this.counters = counters;
    }

    /** A change as it came: what a successor that has the version before it needs. */
    record Delta(ChunkOperation operation, Payload payload) {
        private ChunkOperation toSend() {
            return operation instanceof ChunkOperation.Write write
                    ? write(write.chunkSize(), write.offset(), write.checksum(), payload)
                    : operation;
        }
    }

    /** How a successor is to take a change. */
    private enum Mode {
        /** The change itself, to the version before it. */
        CHANGE,
        /** The same, but it must wait for our word. */
        AHEAD,
        /** As the whole chunk, whatever was there. */
        REPLACE
    }

    /**
     * Sends a change on before it is durable here, so that all replicas write it at the same time; null if the successor
     * has to get it afterwards, or there is none.
     *
     * @param number the version that the change makes
     */
    @Nullable
    AheadCall ahead(ChunkKey key, PublicState role, WriteTag tag, long number, @Nullable Delta delta)
            throws StorageException {
        Membership member = targets.current(key.target());
        ChainTarget successor = Routing.successor(member.chain(), key.target()).orElse(null);
        if (delta == null
                || successor == null
                || role != PublicState.SERVING
                || member.state() != PublicState.SERVING
                || successor.state() != PublicState.SERVING) {
            return null;
        }
        NodeInfo node = targets.routing().node(successor.nodeId()).orElse(null);
        if (node == null) {
            return null;
        }
        ForwardRequest request = request(member, successor, key, tag, delta.toSend(), number, Mode.AHEAD);
        counters.count(Event.FORWARDED_AHEAD);
        ConfirmRequest confirmation = new ConfirmRequest(
                request.update().chain(), successor.targetId(), request.update().chunk(), tag, number);
        return new AheadCall(
                environment,
                member,
                successor,
                () -> call(node, request),
                () -> peers.storage(node).confirm(confirmation));
    }

    /**
     * Returns when the successor has committed the version, or there is no successor.
     *
     * @param role of our target when the change began here
     * @param version that we have, pending or (while filling a successor) committed
     * @param delta the change that made it; null sends the whole chunk
     * @param ahead the change on its way already, which is let go on where it went to the right successor
     * @throws StorageException if the successor cannot take it, or we are not in the chain any more
     */
    void forward(
            ChunkKey key,
            PublicState role,
            WriteTag tag,
            ChunkVersion version,
            @Nullable Delta delta,
            @Nullable AheadCall ahead)
            throws StorageException, InterruptedException {
        AheadCall underWay = ahead;
        long deadline = clock.nanoTime() + patience.toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            Membership member = targets.current(key.target());
            if (role == PublicState.SERVING && member.state() != PublicState.SERVING) {
                counters.count(Event.DEMOTED);
                // The chain went on without us and has put us at its end: that nobody is behind us says nothing now.
                throw Faults.of(
                        Kind.NOT_SERVING,
                        "target " + key.target() + " has become " + member.state() + " while chunk " + key
                                + " changed");
            }
            Optional<ChainTarget> successor = Routing.successor(member.chain(), key.target());
            if (successor.isEmpty()) {
                return;
            }
            String failure;
            try {
                UpdateReply reply;
                if (underWay != null && underWay.went(member, successor.get())) {
                    AheadCall first = underWay;
                    underWay = null;
                    reply = first.confirm();
                } else {
                    reply = send(member, successor.get(), key, tag, version, delta);
                }
                verify(key, version, reply, successor.get());
                return;
            } catch (StorageException e) {
                if (!mayPass(e.detail().kind())) {
                    throw e;
                }
                failure = String.valueOf(e.getMessage());
            } catch (RpcException e) {
                if (e.code() == StatusCode.CANCELLED) {
                    throw e;
                }
                failure = String.valueOf(e.getMessage());
            }
            if (deadline - clock.nanoTime() <= 0) {
                throw Faults.of(
                        Kind.IN_PROGRESS,
                        "chunk " + key + " is pending here, but target "
                                + successor.get().targetId() + " did not take it: " + failure);
            }
            counters.count(Event.FORWARD_RETRIED);
            clock.sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    /** Whether time, or a change of the chain, may cure it. */
    private static boolean mayPass(Kind kind) {
        return switch (kind) {
            case WRONG_CHAIN_VERSION, NOT_SERVING, IN_PROGRESS, CHECKSUM_MISMATCH, DISK_ERROR -> true;
            case STALE_SEQUENCE, VERSION_GAP, INVALID, NO_SPACE -> false;
        };
    }

    private UpdateReply send(
            Membership member,
            ChainTarget successor,
            ChunkKey key,
            WriteTag tag,
            ChunkVersion version,
            @Nullable Delta delta)
            throws StorageException {
        NodeInfo node = targets.routing()
                .node(successor.nodeId())
                .orElseThrow(
                        () -> Faults.of(Kind.NOT_SERVING, "node " + successor.nodeId() + " is not in the routing yet"));
        if (delta != null && successor.state() != PublicState.SYNCING) {
            return call(node, request(member, successor, key, tag, delta.toSend(), version.number(), Mode.CHANGE));
        }
        if (version.removed()) {
            return replace(member, successor, node, key, tag, new ChunkOperation.Remove(), version);
        }
        if (delta != null && delta.payload().bytes().byteSize() == version.length() && version.length() > 0) {
            // As long as the chunk, so it is the chunk.
            return replace(member, successor, node, key, tag, image(version, delta.payload()), version);
        }
        try (Payload stored = load(key, version)) {
            return replace(member, successor, node, key, tag, image(version, stored), version);
        }
    }

    private static ChunkOperation image(ChunkVersion version, Payload payload) {
        return write(Requests.CHUNK_BYTES_MAX, 0, version.checksum(), payload);
    }

    private UpdateReply replace(
            Membership member,
            ChainTarget successor,
            NodeInfo node,
            ChunkKey key,
            WriteTag tag,
            ChunkOperation operation,
            ChunkVersion version)
            throws StorageException {
        counters.count(Event.CHUNK_REPLACED);
        return call(node, request(member, successor, key, tag, operation, version.number(), Mode.REPLACE));
    }

    private static ChunkOperation write(int chunkSize, int offset, int checksum, Payload payload) {
        int length = Math.toIntExact(payload.bytes().byteSize());
        return new ChunkOperation.Write(chunkSize, offset, length, checksum, payload.data());
    }

    private Payload load(ChunkKey key, ChunkVersion version) throws StorageException {
        try {
            return loadOnce(key, version);
        } catch (CorruptedChunkException e) {
            if (!repair.repairLocked(key)) {
                throw Faults.of(e);
            }
        } catch (IOException e) {
            throw Faults.of(e);
        }
        try {
            return loadOnce(key, version);
        } catch (IOException e) {
            throw Faults.of(e);
        }
    }

    private Payload loadOnce(ChunkKey key, ChunkVersion version) throws IOException {
        try (ChunkReader pending = engine.openPending(key);
                ChunkReader committed = engine.openCommitted(key)) {
            ChunkReader reader = pending != null && pending.version().equals(version) ? pending : committed;
            if (reader == null || !reader.version().equals(version)) {
                throw new IllegalStateException("chunk " + key + ": " + version + " is not there any more");
            }
            Payload payload = Payload.allocate(mover, version.length());
            try {
                reader.read(payload.bytes());
                return payload;
            } catch (IOException e) {
                payload.close();
                throw e;
            }
        }
    }

    private ForwardRequest request(
            Membership member,
            ChainTarget successor,
            ChunkKey key,
            WriteTag tag,
            ChunkOperation operation,
            long version,
            Mode mode) {
        ChainRef chain = new ChainRef(member.chain().chainId(), member.chain().version());
        UpdateRequest update = new UpdateRequest(chain, new ChunkId(key.inode(), key.index()), tag, operation);
        // The caller holds the lock, so this is what the version was made of, unless it is committed itself.
        long follows = engine.find(key).map(ChunkInfo::committedNumber).orElse(0L);
        return new ForwardRequest(
                successor.targetId(), update, version, follows, mode == Mode.REPLACE, mode == Mode.AHEAD);
    }

    private UpdateReply call(NodeInfo node, ForwardRequest request) throws StorageException {
        return Context.current()
                .withTimeout(ATTEMPT, clock)
                .call(() -> peers.storage(node).forward(request));
    }

    private static void verify(ChunkKey key, ChunkVersion version, UpdateReply reply, ChainTarget successor)
            throws StorageException {
        if (!version.removed() && (reply.checksum() != version.checksum() || reply.length() != version.length())) {
            throw Faults.of(
                    Kind.VERSION_GAP,
                    "chunk " + key + " differs: " + version + " here, " + reply + " on target " + successor.targetId());
        }
    }
}
