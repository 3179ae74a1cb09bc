package dev.weft.storage;

import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.storage.AppliedWrite;
import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageService;
import dev.weft.api.storage.SyncDoneRequest;
import dev.weft.api.storage.SyncTagsRequest;
import dev.weft.api.storage.UpdateReply;
import dev.weft.api.storage.WriteTag;
import dev.weft.rpc.Environment;
import dev.weft.rpc.Pace;
import dev.weft.rpc.TaskFailedException;
import dev.weft.rpc.TaskScope;
import dev.weft.storage.engine.Applied;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.ChunkInfo;
import dev.weft.storage.engine.ChunkKey;
import dev.weft.storage.engine.ChunkVersion;
import dev.weft.storage.engine.WriteId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Fills a successor: whatever differs there from here is replaced, chunk by chunk.
 *
 * <p>Writes go on meanwhile, as replacements too. A chunk that is equal on both sides and has nothing pending needs no
 * lock: a write of it that is under way has not yet looked for its successor, and will find this one.
 */
final class Resync {
    static final long RATE_MAX = 100L << 30;

    private static final int TAGS_PAGE = 1000;

    /** Chunks on their way to a successor at a time: enough to keep its disk busy; fewer of large ones. */
    private static final int WINDOW_CHUNKS = 8;

    private static final int WINDOW_KIB = 64 << 10;

    private final Targets targets;
    private final ChunkEngine engine;
    private final ChunkLocks locks;
    private final ChainWriter writer;
    private final Forwarder forwarder;
    private final OwnTags ownTags;
    private final Visibility visibility;
    private final Fillings fillings;
    private final Environment environment;
    private final Confirmations confirmations;
    private final Counters counters;
    private final Pace pace;

    Resync(
            Targets targets,
            ChunkEngine engine,
            ChunkLocks locks,
            ChainWriter writer,
            Forwarder forwarder,
            OwnTags ownTags,
            Visibility visibility,
            Fillings fillings,
            Environment environment,
            Confirmations confirmations,
            Counters counters) {
        this.targets = targets;
        this.engine = engine;
        this.locks = locks;
        this.writer = writer;
        this.forwarder = forwarder;
        this.ownTags = ownTags;
        this.visibility = visibility;
        this.fillings = fillings;
        this.environment = environment;
        this.confirmations = confirmations;
        this.counters = counters;
        this.pace = new Pace(environment.clock(), 0);
    }

    /** The target behind {@code member} that waits to be filled by it. */
    static Optional<ChainTarget> successorToFill(Membership member) {
        return member.state() != PublicState.SERVING
                ? Optional.empty()
                : Routing.successor(member.chain(), member.targetId())
                        .filter(successor -> successor.state() == PublicState.SYNCING);
    }

    /** Bytes each second that go to successors, of all our targets; zero for no limit. */
    void setRate(long bytesPerSecond) {
        pace.setRate(bytesPerSecond);
    }

    /** Fills the successor and says so to it; returns how many chunks were sent. */
    int fill(Membership member, ChainTarget successor, StorageService peer)
            throws StorageException, InterruptedException {
        ChainRef chain = new ChainRef(member.chain().chainId(), member.chain().version());
        long target = member.targetId();
        try {
            count(target, differences(member, chain, successor, peer), successor);
            int sent = bring(member, differences(member, chain, successor, peer));
            // What readers were shown before, while it was pending here, has to be there before the successor serves.
            visibility.handOver(member);
            finishPending(target);
            sendTags(target, chain, successor, peer);
            // After what was pending is committed: what is removed from now on is removed there as well.
            peer.syncDone(new SyncDoneRequest(chain, successor.targetId(), engine.versionFloor(target)));
            counters.count(Event.TARGET_FILLED);
            return sent;
        } finally {
            fillings.end(target);
        }
    }

    private ChunkDifferences differences(Membership member, ChainRef chain, ChainTarget successor, StorageService peer)
            throws StorageException {
        return new ChunkDifferences(
                ChunkPages.of(engine, member.targetId()), ChunkPages.of(peer, chain, successor.targetId()));
    }

    /** So that people see how far it has got; lists cost little beside what they are about. */
    private void count(long target, ChunkDifferences differences, ChainTarget successor) throws StorageException {
        long chunks = 0;
        long bytes = 0;
        ChunkDifferences.Difference next = differences.next();
        while (next != null) {
            chunks++;
            bytes += next.length();
            next = differences.next();
        }
        fillings.begin(target, successor.targetId(), chunks, bytes);
    }

    private int bring(Membership member, ChunkDifferences differences) throws StorageException, InterruptedException {
        Semaphore window = new Semaphore(WINDOW_KIB, true);
        AtomicInteger sent = new AtomicInteger();
        try (TaskScope scope = TaskScope.open(environment)) {
            for (int i = 0; i < WINDOW_CHUNKS; i++) {
                scope.fork(() -> {
                    ChunkDifferences.Difference next = differences.next();
                    while (next != null) {
                        bring(member, next, window);
                        sent.incrementAndGet();
                        next = differences.next();
                    }
                    return sent;
                });
            }
            scope.join();
            return sent.get();
        } catch (TaskFailedException e) {
            if (e.getCause() instanceof StorageException refused) {
                throw refused;
            }
            throw e.getCause() instanceof RuntimeException failed ? failed : e;
        }
    }

    private void bring(Membership member, ChunkDifferences.Difference difference, Semaphore window)
            throws StorageException, InterruptedException {
        long target = member.targetId();
        pace.take(difference.length());
        int version = targets.current(target).chain().version();
        if (version != member.chain().version()) {
            // The successor may have left: what goes to nobody is not brought.
            throw Faults.wrongChainVersion(
                    member.chain().chainId(), member.chain().version(), version);
        }
        int kib = difference.length() / 1024 + 1;
        window.acquire(Math.min(kib, WINDOW_KIB));
        try {
            send(new ChunkKey(
                    target, difference.chunk().inodeId(), difference.chunk().index()));
        } finally {
            window.release(Math.min(kib, WINDOW_KIB));
        }
        counters.count(Event.CHUNK_RECOVERED);
        counters.add(Event.RECOVERED_BYTES, difference.length());
        fillings.brought(target, difference.length());
    }

    private void send(ChunkKey key) throws StorageException, InterruptedException {
        WriteTag tag = ownTags.acquire();
        try (ChunkLocks.Held _ = locks.lock(key)) {
            Optional<ChunkInfo> info = engine.find(key);
            // What our predecessor has not confirmed may not become of anything: it is not for us to commit.
            Optional<ChunkVersion> pending =
                    info.flatMap(ChunkInfo::pending).filter(version -> !confirmations.isAwaited(key, version));
            if (pending.isPresent()) {
                writer.finish(key, pending.get());
            } else {
                ChunkVersion gone = new ChunkVersion(1, 0, 0, new WriteId(tag.client(), 0, 0), true);
                forwarder.forward(
                        key,
                        PublicState.SERVING,
                        tag,
                        info.flatMap(ChunkInfo::committed).orElse(gone),
                        null,
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
