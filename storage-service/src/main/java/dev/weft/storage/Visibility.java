package dev.weft.storage;

import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault.Kind;
import dev.weft.api.storage.TakenRequest;
import dev.weft.rpc.RpcException;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.ChunkInfo;
import dev.weft.storage.engine.ChunkKey;
import dev.weft.storage.engine.ChunkReader;
import dev.weft.storage.engine.ChunkVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which version of a chunk a reader sees while a change is on its way along the chain: the new one from the moment on at
 * which the last serving replica has it, at every replica.
 *
 * <p>Each replica committing for itself would not do: whoever had read the new version at the tail would then read the old
 * one at the head. So a replica with a pending version asks the tail. The tail itself shows what it has pending, since
 * nothing but its commit can become of that: whoever is before the tail has it too, once that is confirmed. A replica that has been filled
 * counts as the tail: it may serve already, by a newer version of the chain than we know of.
 */
final class Visibility {
    /** A chunk may change between the looks at it; one that does so this often is under siege. */
    private static final int LOOKS_MAX = 8;

    /** Chunks looked at together. */
    private static final int PAGE = 1000;

    private final Targets targets;
    private final ChunkEngine engine;
    private final Peers peers;
    private final Confirmations confirmations;
    private final Counters counters;

    /** By our target. */
    private final Map<Long, HandOver> handOvers = new ConcurrentHashMap<>();

    /**
     * Our target's successor may have begun to serve.
     *
     * @param chain when that was
     * @param shown what readers may have been shown by then, by number; null while that is being found out
     */
    private record HandOver(ChainRef chain, @Nullable Map<ChunkKey, Long> shown) {}

    Visibility(Targets targets, ChunkEngine engine, Peers peers, Confirmations confirmations, Counters counters) {
        this.targets = targets;
        this.engine = engine;
        this.peers = peers;
        this.confirmations = confirmations;
        this.counters = counters;
    }

    /** Holds the version to be read; null if there is no chunk. */
    @Nullable
    ChunkReader open(Membership member, ChunkKey key) throws StorageException {
        for (int look = 0; look < LOOKS_MAX; look++) {
            Optional<ChunkVersion> pending = engine.find(key).flatMap(ChunkInfo::pending);
            if (pending.isEmpty() || !isVisible(member, key, pending.get())) {
                return engine.openCommitted(key);
            }
            counters.count(Event.PENDING_SHOWN);
            if (pending.get().removed()) {
                return null;
            }
            ChunkReader reader = engine.openPending(key);
            if (reader != null && reader.version().equals(pending.get())) {
                return reader;
            }
            if (reader != null) {
                reader.close();
            }
        }
        throw Faults.of(Kind.IN_PROGRESS, "chunk " + key + " changes all the time");
    }

    /** The newest version of a chunk, held for reading; null if there is no chunk, or it is being removed. */
    record Newest(@Nullable ChunkReader reader, boolean pending) {}

    /** Holds the newest version that there is here, pending or committed, whatever others have. */
    Newest openNewest(ChunkKey key) throws StorageException {
        for (int look = 0; look < LOOKS_MAX; look++) {
            Optional<ChunkInfo> info = engine.find(key);
            Optional<ChunkVersion> pending = info.flatMap(ChunkInfo::pending);
            if (info.isEmpty() || pending.filter(ChunkVersion::removed).isPresent()) {
                return new Newest(null, pending.isPresent());
            }
            ChunkReader reader = pending.isPresent() ? engine.openPending(key) : engine.openCommitted(key);
            if (reader != null) {
                return new Newest(reader, pending.isPresent());
            }
        }
        throw Faults.of(Kind.IN_PROGRESS, "chunk " + key + " changes all the time");
    }

    /**
     * From now on, our target's successor may serve at any time, by a version of the chain that we do not know yet: what it
     * has not taken is not shown any more. What is pending here may have been shown: it is shown on, and the caller brings it
     * to the successor before that serves.
     */
    void handOver(Membership member) {
        long target = member.targetId();
        ChainRef chain = ref(member);
        handOvers.put(target, new HandOver(chain, null));
        Map<ChunkKey, Long> shown = new HashMap<>();
        List<ChunkInfo> page = engine.list(target, null, PAGE);
        while (!page.isEmpty()) {
            for (ChunkInfo chunk : page) {
                chunk.pending().ifPresent(pending -> shown.put(chunk.key(), pending.number()));
            }
            page = engine.list(target, page.getLast().key(), PAGE);
        }
        handOvers.put(target, new HandOver(chain, Map.copyOf(shown)));
    }

    /** Whether readers see a pending version already: the tail has taken it. */
    boolean isVisible(Membership member, ChunkKey key, ChunkVersion pending) throws StorageException {
        Optional<ChainTarget> decider = decider(member, key, pending);
        if (decider.isEmpty()) {
            return !confirmations.isAwaited(key, pending);
        }
        ChainTarget tail = decider.get();
        counters.count(Event.TAIL_ASKED);
        NodeInfo node = targets.routing()
                .node(tail.nodeId())
                .orElseThrow(() -> Faults.of(Kind.NOT_SERVING, "node " + tail.nodeId() + " is not in the routing yet"));
        ChainRef chain = ref(member);
        ChunkId chunk = new ChunkId(key.inode(), key.index());
        TakenRequest request = new TakenRequest(chain, tail.targetId(), chunk, pending.number(), pending.removed());
        try {
            return peers.storage(node).taken(request).taken();
        } catch (RpcException e) {
            // The piece fails, not all of the read: the reader looks elsewhere, or waits until the chain has changed.
            throw Faults.of(
                    Kind.NOT_SERVING,
                    "chunk " + key + " is changing, and target " + tail.targetId() + " does not say whether it has: "
                            + e.getMessage());
        }
    }

    /** Who knows whether a change that is pending here is to be shown; nobody but us if there is none. */
    private Optional<ChainTarget> decider(Membership member, ChunkKey key, ChunkVersion pending)
            throws StorageException {
        ChainTarget tail = Routing.serving(member.chain()).getLast();
        if (tail.targetId() != member.targetId()) {
            return Optional.of(tail);
        }
        HandOver handOver = handOvers.get(member.targetId());
        if (handOver == null || !handOver.chain.equals(ref(member))) {
            return Optional.empty();
        }
        Map<ChunkKey, Long> shown = handOver.shown;
        if (shown == null) {
            throw Faults.of(Kind.IN_PROGRESS, "chunk " + key + " changes while the chain gets another tail");
        }
        Long number = shown.get(key);
        return number != null && number == pending.number()
                ? Optional.empty()
                : Routing.successor(member.chain(), member.targetId());
    }

    private static ChainRef ref(Membership member) {
        return new ChainRef(member.chain().chainId(), member.chain().version());
    }

    /** Whether our target, the tail, has taken a change. */
    boolean taken(TakenRequest request) throws StorageException {
        Membership member = targets.writable(request.chain(), request.targetId());
        ChunkKey key = new ChunkKey(
                request.targetId(), request.chunk().inodeId(), request.chunk().index());
        // Changes of a chunk come one after the other, so the tail is where the asker is without this change, or has
        // it.
        Optional<ChunkInfo> info = engine.find(key);
        Optional<ChunkVersion> pending = info.flatMap(ChunkInfo::pending);
        long committed = info.map(ChunkInfo::committedNumber).orElse(0L);
        if (request.removal() ? info.isEmpty() : committed >= request.version()) {
            return true;
        }
        return pending.isPresent()
                && pending.get().number() >= request.version()
                && (member.state() != PublicState.SERVING || isVisible(member, key, pending.get()));
    }
}
