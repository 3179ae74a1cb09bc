package dev.weft.storage;

import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkListReply;
import dev.weft.api.storage.ChunkListRequest;
import dev.weft.api.storage.ChunkStat;
import dev.weft.api.storage.LastChunkReply;
import dev.weft.api.storage.LastChunkRequest;
import dev.weft.api.storage.ReadPiece;
import dev.weft.api.storage.ReadReply;
import dev.weft.api.storage.ReadRequest;
import dev.weft.api.storage.ReadResult;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault.Kind;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.ChunkInfo;
import dev.weft.storage.engine.ChunkKey;
import dev.weft.storage.engine.ChunkReader;
import dev.weft.storage.engine.ChunkVersion;
import dev.weft.storage.engine.CorruptedChunkException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers what changes nothing. */
final class ChunkReads {
    private static final int PIECES_MAX = 1024;
    private static final int LIST_MAX = 10_000;

    private final Targets targets;
    private final ChunkEngine engine;
    private final DataMover mover;
    private final Visibility visibility;
    private final Repair repair;

    ChunkReads(Targets targets, ChunkEngine engine, DataMover mover, Visibility visibility, Repair repair) {
        this.targets = targets;
        this.engine = engine;
        this.mover = mover;
        this.visibility = visibility;
        this.repair = repair;
    }

    ReadReply read(ReadRequest request) {
        List<ReadResult> results = new ArrayList<>(Math.min(request.pieces().size(), PIECES_MAX));
        for (ReadPiece piece : request.pieces()) {
            try {
                Requests.checkLimit(results.size() + 1, PIECES_MAX);
                results.add(read(piece));
            } catch (StorageException e) {
                results.add(new ReadResult.Failed(e.detail()));
            }
        }
        return new ReadReply(results);
    }

    private ReadResult read(ReadPiece piece) throws StorageException {
        Membership member = targets.readable(piece.chain(), piece.targetId());
        if (piece.offset() < 0 || piece.length() < 0 || piece.length() > Requests.CHUNK_BYTES_MAX) {
            throw Faults.of(Kind.INVALID, piece.length() + " bytes at offset " + piece.offset() + " cannot be read");
        }
        ChunkKey key = key(piece.targetId(), piece.chunk());
        try {
            return read(piece, member, key);
        } catch (CorruptedChunkException e) {
            if (!repair.repair(key)) {
                throw Faults.of(e);
            }
        } catch (IOException e) {
            throw Faults.of(e);
        }
        try {
            return read(piece, member, key);
        } catch (IOException e) {
            throw Faults.of(e);
        }
    }

    private ReadResult read(ReadPiece piece, Membership member, ChunkKey key) throws StorageException, IOException {
        try (ChunkReader reader = visibility.open(member, key)) {
            ReadResult result = reader == null ? new ReadResult.NotFound() : read(piece, reader);
            // Others may have taken over while we read.
            targets.readable(piece.chain(), piece.targetId());
            return result;
        }
    }

    /** Reads and verifies the part that was asked for. */
    private ReadResult read(ReadPiece piece, ChunkReader reader) throws IOException {
        ChunkVersion version = reader.version();
        int length = Math.clamp((long) version.length() - piece.offset(), 0, piece.length());
        if (length == 0) {
            return new ReadResult.Found(version.number(), version.length(), 0, 0, MemorySegment.NULL);
        }
        try (DataMover.Block block = mover.acquire(length)) {
            MemorySegment part = block.segment();
            int checksum = reader.read(piece.offset(), part);
            if (piece.into().isPresent()) {
                mover.push(part, piece.into().get().slice(0, length));
                return new ReadResult.Found(version.number(), version.length(), length, checksum, MemorySegment.NULL);
            }
            MemorySegment copy = MemorySegment.ofArray(part.toArray(ValueLayout.JAVA_BYTE));
            return new ReadResult.Found(version.number(), version.length(), length, checksum, copy);
        }
    }

    LastChunkReply last(LastChunkRequest request) throws StorageException {
        targets.readable(request.chain(), request.targetId());
        return engine.last(request.targetId(), request.inodeId())
                .map(last -> new LastChunkReply(last.index(), last.length(), last.chunks()))
                .orElseGet(() -> new LastChunkReply(-1, 0, 0));
    }

    ChunkListReply list(ChunkListRequest request) throws StorageException {
        targets.writable(request.chain(), request.targetId());
        Requests.checkLimit(request.limit(), LIST_MAX);
        @Nullable
        ChunkKey after =
                request.after().map(chunk -> key(request.targetId(), chunk)).orElse(null);
        List<ChunkStat> stats = engine.list(request.targetId(), after, request.limit()).stream()
                .map(ChunkReads::stat)
                .toList();
        return new ChunkListReply(stats, stats.size() == request.limit());
    }

    static ChunkStat stat(ChunkInfo info) {
        ChunkId chunk = new ChunkId(info.key().inode(), info.key().index());
        boolean pending = info.pending().isPresent();
        return info.committed()
                .map(version -> new ChunkStat(chunk, version.number(), version.length(), version.checksum(), pending))
                .orElseGet(() -> new ChunkStat(chunk, 0, 0, 0, pending));
    }

    private static ChunkKey key(long target, ChunkId chunk) {
        return new ChunkKey(target, chunk.inodeId(), chunk.index());
    }
}
