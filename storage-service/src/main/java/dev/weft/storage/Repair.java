package dev.weft.storage;

import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ReadPiece;
import dev.weft.api.storage.ReadRequest;
import dev.weft.api.storage.ReadResult;
import dev.weft.api.storage.StorageException;
import dev.weft.rpc.Clock;
import dev.weft.rpc.Context;
import dev.weft.rpc.RpcException;
import dev.weft.storage.engine.Change;
import dev.weft.storage.engine.Checksum;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.ChunkInfo;
import dev.weft.storage.engine.ChunkKey;
import dev.weft.storage.engine.ChunkReader;
import dev.weft.storage.engine.ChunkVersion;
import dev.weft.storage.engine.CorruptedChunkException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Fetches the bytes of a damaged chunk from another serving replica of its chain, and puts them in the place of ours.
 *
 * <p>The index says what they have to be: only the version that we are to have, with its checksum, will do. So a replica
 * that is damaged too, or ahead of ours, changes nothing.
 */
final class Repair {
    private static final System.Logger LOG = System.getLogger(Repair.class.getName());
    private static final Duration ATTEMPT = Duration.ofSeconds(5);

    private final Targets targets;
    private final ChunkEngine engine;
    private final ChunkLocks locks;
    private final Peers peers;
    private final DataMover mover;
    private final Clock clock;
    private final Counters counters;

    Repair(
            Targets targets,
            ChunkEngine engine,
            ChunkLocks locks,
            Peers peers,
            DataMover mover,
            Clock clock,
            Counters counters) {
        this.targets = targets;
        this.engine = engine;
        this.locks = locks;
        this.peers = peers;
        this.mover = mover;
        this.clock = clock;
        this.counters = counters;
    }

    /** Repairs the committed version of a chunk that nobody else is changing; false if that cannot be done now. */
    boolean repair(ChunkKey key) throws StorageException {
        try (ChunkLocks.Held _ = locks.lock(key)) {
            return repairLocked(key);
        } catch (InterruptedException e) {
            throw Faults.cancelled(e);
        }
    }

    /** The same, for a caller that holds the lock on the chunk. */
    boolean repairLocked(ChunkKey key) throws StorageException {
        // A pending version is about to take the place of the damaged one.
        return engine.find(key).flatMap(ChunkInfo::pending).isEmpty() && repairForChange(key);
    }

    /**
     * The same, before a change is applied; what is pending goes, as the change would replace it. Where the tail has taken
     * that, no replica shows the committed version any more, and nothing is repaired.
     */
    boolean repairForChange(ChunkKey key) throws StorageException {
        Optional<ChunkVersion> committed = engine.find(key).flatMap(ChunkInfo::committed);
        return committed.isPresent() && fetch(key, committed.get()) && commit(key, committed.get());
    }

    /** Whether a pending version is whole, or has been made so; the caller holds the lock on the chunk. */
    boolean isWhole(ChunkKey key, ChunkVersion pending) throws StorageException {
        if (pending.length() == 0) {
            return true;
        }
        try (ChunkReader reader = engine.openPending(key);
                DataMover.Block block = mover.acquire(pending.length())) {
            if (reader != null) {
                reader.read(block.segment());
            }
            return true;
        } catch (CorruptedChunkException e) {
            return fetch(key, pending);
        } catch (IOException e) {
            throw Faults.of(e);
        }
    }

    /** Makes a version that another replica has pending here, in place of what there is. */
    private boolean fetch(ChunkKey key, ChunkVersion wanted) throws StorageException {
        counters.count(Event.CHUNK_DAMAGED);
        Membership member = targets.current(key.target());
        for (ChainTarget replica : Routing.serving(member.chain())) {
            if (replica.targetId() != key.target() && fetchFrom(member, replica, key, wanted)) {
                counters.count(Event.CHUNK_REPAIRED);
                LOG.log(
                        System.Logger.Level.WARNING,
                        () -> "chunk " + key + " was damaged and has been repaired from target " + replica.targetId());
                return true;
            }
        }
        LOG.log(System.Logger.Level.ERROR, () -> "chunk " + key + " is damaged, and no other replica could repair it");
        return false;
    }

    private boolean commit(ChunkKey key, ChunkVersion version) throws StorageException {
        try {
            engine.commit(key, version.number());
            return true;
        } catch (IOException e) {
            throw Faults.of(e);
        }
    }

    private boolean fetchFrom(Membership member, ChainTarget replica, ChunkKey key, ChunkVersion wanted)
            throws StorageException {
        Optional<NodeInfo> node = targets.routing().node(replica.nodeId());
        if (node.isEmpty()) {
            return false;
        }
        ReadPiece piece = new ReadPiece(
                new ChainRef(member.chain().chainId(), member.chain().version()),
                replica.targetId(),
                new ChunkId(key.inode(), key.index()),
                0,
                wanted.length(),
                Optional.empty());
        try {
            List<ReadResult> results = Context.current()
                    .withTimeout(ATTEMPT, clock)
                    .call(() -> peers.storage(node.get()).read(new ReadRequest(List.of(piece))))
                    .results();
            return results.getFirst() instanceof ReadResult.Found found && put(key, wanted, found);
        } catch (RpcException e) {
            LOG.log(System.Logger.Level.DEBUG, "target " + replica.targetId() + " does not answer", e);
            return false;
        }
    }

    private boolean put(ChunkKey key, ChunkVersion wanted, ReadResult.Found found) throws StorageException {
        MemorySegment image = found.bytes();
        if (found.version() != wanted.number()
                || image.byteSize() != wanted.length()
                || Checksum.of(image) != wanted.checksum()) {
            return false;
        }
        try {
            engine.apply(key, wanted.number(), new Change.Replace(image, wanted.checksum()), wanted.writer());
            return true;
        } catch (IOException e) {
            throw Faults.of(e);
        }
    }
}
