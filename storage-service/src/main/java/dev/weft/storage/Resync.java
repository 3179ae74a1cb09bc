package dev.weft.storage;

import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.storage.AppliedWrite;
import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.ChunkStat;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageService;
import dev.weft.api.storage.SyncDoneRequest;
import dev.weft.api.storage.SyncTagsRequest;
import dev.weft.api.storage.UpdateReply;
import dev.weft.api.storage.WriteTag;
import dev.weft.storage.engine.Applied;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.ChunkInfo;
import dev.weft.storage.engine.ChunkKey;
import dev.weft.storage.engine.ChunkVersion;
import dev.weft.storage.engine.WriteId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fills a successor: whatever differs there from here is replaced, chunk by chunk.
 *
 * <p>Writes go on meanwhile, as replacements too. A chunk that is equal on both sides and has nothing pending needs no
 * lock: a write of it that is under way has not yet looked for its successor, and will find this one.
 */
final class Resync {
    private static final int TAGS_PAGE = 1000;

    private final ChunkEngine engine;
    private final ChunkLocks locks;
    private final ChainWriter writer;
    private final Forwarder forwarder;
    private final OwnTags ownTags;
    private final Visibility visibility;
    private final Counters counters;

    Resync(
            ChunkEngine engine,
            ChunkLocks locks,
            ChainWriter writer,
            Forwarder forwarder,
            OwnTags ownTags,
            Visibility visibility,
            Counters counters) {
        this.engine = engine;
        this.locks = locks;
        this.writer = writer;
        this.forwarder = forwarder;
        this.ownTags = ownTags;
        this.visibility = visibility;
        this.counters = counters;
    }

    /** The target behind {@code member} that waits to be filled by it. */
    static Optional<ChainTarget> successorToFill(Membership member) {
        return member.state() != PublicState.SERVING
                ? Optional.empty()
                : Routing.successor(member.chain(), member.targetId())
                        .filter(successor -> successor.state() == PublicState.SYNCING);
    }

    /** Fills the successor and says so to it; returns how many chunks were sent. */
    int fill(Membership member, ChainTarget successor, StorageService peer)
            throws StorageException, InterruptedException {
        ChainRef chain = new ChainRef(member.chain().chainId(), member.chain().version());
        ChunkPages ours = ChunkPages.of(engine, member.targetId());
        ChunkPages theirs = ChunkPages.of(peer, chain, successor.targetId());
        int sent = 0;
        while (ours.head() != null || theirs.head() != null) {
            ChunkStat here = ours.head();
            ChunkStat there = theirs.head();
            int order = here == null ? 1 : there == null ? -1 : here.chunk().compareTo(there.chunk());
            @Nullable ChunkStat next = order <= 0 ? here : there;
            if (next != null && !(order == 0 && here != null && equal(here, there))) {
                send(new ChunkKey(
                        member.targetId(), next.chunk().inodeId(), next.chunk().index()));
                counters.count(Event.CHUNK_RECOVERED);
                sent++;
            }
            if (order <= 0) {
                ours.advance();
            }
            if (order >= 0) {
                theirs.advance();
            }
        }
        // What readers were shown before, while it was pending here, has to be there before the successor serves.
        visibility.handOver(member);
        finishPending(member.targetId());
        sendTags(member.targetId(), chain, successor, peer);
        // After what was pending is committed: what is removed from now on is removed there as well.
        long floor = engine.versionFloor(member.targetId());
        peer.syncDone(new SyncDoneRequest(chain, successor.targetId(), floor));
        counters.count(Event.TARGET_FILLED);
        return sent;
    }

    private static boolean equal(ChunkStat here, @Nullable ChunkStat there) {
        return !here.pending() && here.equals(there);
    }

    private void send(ChunkKey key) throws StorageException, InterruptedException {
        WriteTag tag = ownTags.acquire();
        try (ChunkLocks.Held _ = locks.lock(key)) {
            Optional<ChunkInfo> info = engine.find(key);
            Optional<ChunkVersion> pending = info.flatMap(ChunkInfo::pending);
            if (pending.isPresent()) {
                writer.finish(key, pending.get());
            } else {
                ChunkVersion gone = new ChunkVersion(1, 0, 0, new WriteId(tag.client(), 0, 0), true);
                forwarder.forward(
                        key,
                        PublicState.SERVING,
                        tag,
                        info.flatMap(ChunkInfo::committed).orElse(gone),
                        null);
            }
        } finally {
            ownTags.release(tag);
        }
    }

    private void finishPending(long target) throws StorageException, InterruptedException {
        @Nullable ChunkKey after = null;
        List<ChunkInfo> page = engine.list(target, after, TAGS_PAGE);
        while (!page.isEmpty()) {
            for (ChunkInfo chunk : page) {
                if (chunk.pending().isPresent()) {
                    send(chunk.key());
                }
            }
            after = page.getLast().key();
            page = engine.list(target, after, TAGS_PAGE);
        }
    }

    private void sendTags(long target, ChainRef chain, ChainTarget successor, StorageService peer)
            throws StorageException {
        List<AppliedWrite> all = engine.allApplied(target).stream()
                .map(applied -> write(applied, chain.version()))
                .toList();
        for (int from = 0; from < all.size(); from += TAGS_PAGE) {
            List<AppliedWrite> page = all.subList(from, Math.min(all.size(), from + TAGS_PAGE));
            peer.syncTags(new SyncTagsRequest(chain, successor.targetId(), page));
        }
    }

    private static AppliedWrite write(Applied applied, int chainVersion) {
        return new AppliedWrite(
                WriteTags.tag(applied.writer()),
                new UpdateReply(applied.number(), applied.length(), applied.checksum(), chainVersion));
    }
}
