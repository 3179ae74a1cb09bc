package dev.weft.storage;

import dev.weft.api.cluster.PublicState;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkOperation;
import dev.weft.api.storage.ForwardRequest;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault.Kind;
import dev.weft.api.storage.UpdateReply;
import dev.weft.api.storage.UpdateRequest;
import dev.weft.api.storage.WriteTag;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.storage.engine.Applied;
import dev.weft.storage.engine.Change;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.ChunkInfo;
import dev.weft.storage.engine.ChunkKey;
import dev.weft.storage.engine.ChunkVersion;
import dev.weft.storage.engine.CorruptedChunkException;
import dev.weft.storage.engine.NoSpaceException;
import dev.weft.storage.engine.WriteId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One replica's part of a change: pending here and on the successor, then committed there, then here.
 *
 * <p>A change is sent on before it is durable here, so that the replicas write it at the same time. Those behind us wait for
 * our word before they show or commit it: what the tail has committed is durable everywhere.
 *
 * <p>A version that is pending because an earlier attempt got stuck is finished before another change of the chunk begins:
 * the successors may have it committed.
 */
final class ChainWriter {
    /** For each target. Far from what the engine holds, as heads of the past may have let others in. */
    private static final int CHANNELS_MAX = 100_000;

    private final Targets targets;
    private final ChunkEngine engine;
    private final ChunkLocks locks;
    private final WriteTags tags;
    private final OwnTags ownTags;
    private final Forwarder forwarder;
    private final DataMover mover;
    private final Repair repair;
    private final Visibility visibility;
    private final Confirmations confirmations;
    private final Counters counters;
    private final Admission admission = new Admission();

    ChainWriter(
            Targets targets,
            ChunkEngine engine,
            ChunkLocks locks,
            WriteTags tags,
            OwnTags ownTags,
            Forwarder forwarder,
            DataMover mover,
            Repair repair,
            Visibility visibility,
            Confirmations confirmations,
            Counters counters) {
        this.targets = targets;
        this.engine = engine;
        this.locks = locks;
        this.tags = tags;
        this.ownTags = ownTags;
        this.forwarder = forwarder;
        this.mover = mover;
        this.repair = repair;
        this.visibility = visibility;
        this.confirmations = confirmations;
        this.counters = counters;
    }

    /** A client's change, at the head. */
    UpdateReply update(UpdateRequest request) throws StorageException {
        Membership member = targets.head(request.chain());
        Requests.check(request.operation());
        ChunkKey key = key(member.targetId(), request.chunk());
        try (WriteTags.Held _ = tags.enter(member.targetId(), request.tag());
                Admission.Held _ = admission.enter(Admission.Place.HEAD, bytes(request.operation()));
                Payload payload = Payload.receive(request.operation(), mover);
                ChunkLocks.Held _ = locks.lock(key)) {
            Optional<ChunkInfo> chunk = engine.find(key);
            while (true) {
                int chainVersion = targets.head(request.chain()).chain().version();
                switch (decide(request, key, chunk)) {
                    case WriteDecision.FinishFirst(ChunkVersion pending) -> {
                        if (isLost(key, pending)) {
                            chunk = chunk.map(ChunkInfo::withoutPending);
                            continue;
                        }
                        UpdateReply finished = finish(key, pending);
                        if (pending.writer().equals(WriteTags.id(request.tag()))) {
                            return finished;
                        }
                        chunk = engine.find(key);
                    }
                    case WriteDecision.Apply apply -> {
                        requireRoomFor(key.target(), request.tag());
                        Change change = change(request.operation(), payload);
                        Forwarder.Delta delta = new Forwarder.Delta(request.operation(), payload);
                        return write(key, PublicState.SERVING, request.tag(), apply.number(), change, delta, null);
                    }
                    case WriteDecision.NothingThere() -> {
                        requireRoomFor(key.target(), request.tag());
                        long floor = Math.max(1, engine.versionFloor(key.target()));
                        Forwarder.Delta delta = new Forwarder.Delta(request.operation(), payload);
                        return noteRemoval(key, PublicState.SERVING, request.tag(), floor, 0, delta, chainVersion);
                    }
                    case WriteDecision.Repeat repeat -> {
                        return repeat(repeat, chainVersion);
                    }
                    case WriteDecision.Refuse refused -> throw refuse(key, refused);
                }
            }
        } catch (InterruptedException e) {
            throw Faults.cancelled(e);
        }
    }

    /** What is remembered is never given up for something newer: it may still be asked for. */
    private void requireRoomFor(long target, WriteTag tag) {
        int count = engine.appliedCount(target);
        if (count >= CHANNELS_MAX && engine.applied(target, WriteTags.id(tag)).isEmpty()) {
            counters.count(Event.CHANNEL_REFUSED);
            throw new RpcException(
                    StatusCode.RESOURCE_EXHAUSTED,
                    "target " + target + " remembers the writes of " + count + " channels of clients: no more than "
                            + CHANNELS_MAX);
        }
    }

    private WriteDecision decide(UpdateRequest request, ChunkKey key, Optional<ChunkInfo> chunk) {
        WriteId tag = WriteTags.id(request.tag());
        return WriteDecision.atHead(
                tag,
                request.operation() instanceof ChunkOperation.Remove,
                request.age(),
                engine.applied(key.target(), tag),
                chunk,
                engine.versionFloor(key.target()));
    }

    /**
     * Whether a stuck version can be, and has to be, forgotten: its bytes are damaged, no other replica has them, and no
     * reader can have seen them. Its writer does not know what became of it, and nothing has.
     */
    private boolean isLost(ChunkKey key, ChunkVersion stuck) throws StorageException {
        return !repair.isWhole(key, stuck) && !visibility.isVisible(targets.current(key.target()), key, stuck);
    }

    /** A predecessor's change. */
    UpdateReply forward(ForwardRequest request) throws StorageException {
        UpdateRequest update = request.update();
        Membership before = targets.writable(update.chain(), request.targetId());
        Requests.check(update.operation());
        Requests.checkVersion(request.version());
        ChunkKey key = key(request.targetId(), update.chunk());
        Admission.Place place = before.tail() ? Admission.Place.TAIL : Admission.Place.MIDDLE;
        try (WriteTags.Held _ = tags.enter(request.targetId(), update.tag());
                Admission.Held _ = admission.enter(place, bytes(update.operation()));
                Payload payload = Payload.receive(update.operation(), mover);
                ChunkLocks.Held _ = locks.lock(key)) {
            Membership member = targets.writable(update.chain(), request.targetId());
            int chainVersion = member.chain().version();
            return switch (decide(request, member, key)) {
                case WriteDecision.Apply apply -> {
                    Change change = request.replace()
                            ? replacement(update.operation(), payload)
                            : change(update.operation(), payload);
                    Forwarder.Delta delta = request.replace() ? null : new Forwarder.Delta(update.operation(), payload);
                    Confirmations.Ahead ours =
                            confirmations.begin(key, request, engine.find(key).flatMap(ChunkInfo::pending));
                    yield write(key, member.state(), update.tag(), apply.number(), change, delta, ours);
                }
                case WriteDecision.NothingThere() -> {
                    removedBefore(key, request.version());
                    Forwarder.Delta delta = new Forwarder.Delta(update.operation(), payload);
                    // Where there was something to remove, that is what is to be answered from here too.
                    long made = request.follows() > 0 ? request.version() : 0;
                    yield noteRemoval(key, member.state(), update.tag(), request.version(), made, delta, chainVersion);
                }
                case WriteDecision.Repeat repeat -> repeat(repeat, chainVersion);
                case WriteDecision.Refuse refused -> throw refuse(key, refused);
                case WriteDecision.FinishFirst(ChunkVersion pending) ->
                    throw new IllegalStateException("only a head waits for " + pending);
            };
        } catch (InterruptedException e) {
            throw Faults.cancelled(e);
        }
    }

    private WriteDecision decide(ForwardRequest request, Membership member, ChunkKey key) {
        WriteId tag = WriteTags.id(request.update().tag());
        return WriteDecision.atSuccessor(
                tag,
                request.update().operation() instanceof ChunkOperation.Remove,
                request.replace(),
                member.state(),
                request.version(),
                request.follows(),
                engine.applied(key.target(), tag),
                engine.find(key));
    }

    private UpdateReply repeat(WriteDecision.Repeat done, int chainVersion) {
        counters.count(Event.RETRY_ANSWERED);
        return new UpdateReply(done.number(), done.length(), done.checksum(), chainVersion);
    }

    private StorageException refuse(ChunkKey key, WriteDecision.Refuse refused) {
        if (refused.kind() == Kind.STALE_SEQUENCE) {
            counters.count(Event.SEQUENCE_STALE);
        } else if (refused.kind() == Kind.VERSION_GAP) {
            counters.count(Event.VERSION_GAP);
        }
        return Faults.of(refused.kind(), "chunk " + key + ": " + refused.why());
    }

    /**
     * Remembers, here and behind us, that the removal of what is not there has been made: asked for again, it must not remove
     * what has been written since.
     *
     * @param made version that the removal has made elsewhere, or zero
     */
    private UpdateReply noteRemoval(
            ChunkKey key,
            PublicState role,
            WriteTag tag,
            long version,
            long made,
            Forwarder.Delta delta,
            int chainVersion)
            throws StorageException, InterruptedException {
        WriteId writer = WriteTags.id(tag);
        forwarder.forward(key, role, tag, new ChunkVersion(version, 0, 0, writer, true), delta, null);
        try {
            engine.putApplied(List.of(new Applied(key.target(), writer, made, 0, 0)));
        } catch (IOException e) {
            throw failed(e);
        }
        return new UpdateReply(made, 0, 0, chainVersion);
    }

    /** A chunk that we do not have was removed at a version, which a later chunk of its name has to be above. */
    private void removedBefore(ChunkKey key, long version) throws StorageException {
        try {
            engine.raiseVersionFloor(key.target(), version);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Brings a pending version of a serving target through the rest of the chain. The caller holds the lock on the chunk. */
    UpdateReply finish(ChunkKey key, ChunkVersion pending) throws StorageException, InterruptedException {
        counters.count(Event.STUCK_FINISHED);
        try {
            forwarder.forward(key, PublicState.SERVING, WriteTags.tag(pending.writer()), pending, null, null);
        } catch (StorageException e) {
            if (e.detail().kind() != Kind.STALE_SEQUENCE) {
                throw e;
            }
            finishAsOurs(key, pending);
        }
        return commit(key, pending.number());
    }

    /** Its client has gone on to other changes, and so asks for this one no more: it goes on as one of our own. */
    private void finishAsOurs(ChunkKey key, ChunkVersion pending) throws StorageException, InterruptedException {
        WriteTag tag = ownTags.acquire();
        try {
            forwarder.forward(key, PublicState.SERVING, tag, pending, null, null);
        } finally {
            ownTags.release(tag);
        }
    }

    /** @param ours what our predecessor, if there is one, has forwarded ahead; null if it has it durable */
    private UpdateReply write(
            ChunkKey key,
            PublicState role,
            WriteTag tag,
            long number,
            Change change,
            Forwarder.@Nullable Delta delta,
            Confirmations.@Nullable Ahead ours)
            throws StorageException, InterruptedException {
        try (AheadCall next = forwarder.ahead(key, role, tag, number, delta)) {
            ChunkVersion pending = apply(key, number, change, WriteTags.id(tag));
            if (ours == null) {
                confirmations.settle(key);
            } else {
                confirmations.await(ours);
            }
            forwarder.forward(key, role, tag, pending, delta, next);
        }
        return commit(key, number);
    }

    private ChunkVersion apply(ChunkKey key, long number, Change change, WriteId writer) throws StorageException {
        try {
            return engine.apply(key, number, change, writer);
        } catch (CorruptedChunkException e) {
            if (!repair.repairForChange(key)) {
                throw Faults.of(e);
            }
        } catch (IOException e) {
            throw failed(e);
        }
        try {
            return engine.apply(key, number, change, writer);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private UpdateReply commit(ChunkKey key, long number) throws StorageException {
        try {
            ChunkVersion committed = engine.commit(key, number);
            confirmations.settle(key);
            return reply(
                    committed,
                    targets.routing().chainOf(key.target()).orElseThrow().version());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private StorageException failed(IOException failure) {
        boolean damaged = !(failure instanceof NoSpaceException || failure instanceof CorruptedChunkException);
        if (damaged) {
            targets.diskFailed(failure);
        }
        return Faults.of(failure);
    }

    private static int bytes(ChunkOperation operation) {
        return operation instanceof ChunkOperation.Write write ? write.length() : 0;
    }

    private static Change change(ChunkOperation operation, Payload payload) {
        return switch (operation) {
            case ChunkOperation.Write write -> new Change.Write(write.offset(), payload.bytes(), write.checksum());
            case ChunkOperation.Truncate truncate -> new Change.Truncate(truncate.length());
            case ChunkOperation.Remove() -> new Change.Remove();
        };
    }

    private static Change replacement(ChunkOperation operation, Payload payload) throws StorageException {
        return switch (operation) {
            case ChunkOperation.Write write
            when write.offset() == 0 -> new Change.Replace(payload.bytes(), write.checksum());
            case ChunkOperation.Remove() -> new Change.Remove();
            case ChunkOperation.Write _, ChunkOperation.Truncate _ ->
                throw Faults.of(Kind.INVALID, "a replacement must hold the whole chunk");
        };
    }

    private static UpdateReply reply(ChunkVersion version, int chainVersion) {
        return new UpdateReply(version.number(), version.length(), version.checksum(), chainVersion);
    }

    private static ChunkKey key(long target, ChunkId chunk) {
        return new ChunkKey(target, chunk.inodeId(), chunk.index());
    }
}
