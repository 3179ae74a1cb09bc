package dev.weft.storage;

import static java.util.Objects.requireNonNull;

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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers what changes nothing. */
final class ChunkReads {
    private static final int PIECES_MAX = 1024;
    private static final int LIST_MAX = 10_000;

    /** Of pieces that are asked for in the reply, all together. */
    private static final long REPLY_BYTES_MAX = Requests.CHUNK_BYTES_MAX;

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
        List<ReadResult> results = new ArrayList<>(request.pieces().size());
        List<PieceReads.Piece> damaged = new ArrayList<>(0);
        try (PieceReads reads = new PieceReads(
                targets,
                engine,
                mover,
                visibility,
                request.relaxed(),
                request.pieces().size())) {
            openAll(reads, request.pieces());
            for (PieceReads.Piece piece : reads.read()) {
                if (piece.damage() != null) {
                    damaged.add(piece);
                }
                results.add(piece.result());
            }
        }
        for (PieceReads.Piece piece : damaged) {
            results.set(piece.number, readRepaired(piece, request.relaxed()));
        }
        return new ReadReply(results);
    }

    private static void openAll(PieceReads reads, List<ReadPiece> pieces) {
        long inReply = 0;
        for (int i = 0; i < pieces.size(); i++) {
            ReadPiece piece = pieces.get(i);
            inReply += piece.into().isEmpty() ? piece.length() : 0;
            if (i >= PIECES_MAX) {
                reads.refuse(piece, Faults.of(Kind.INVALID, "piece " + i + " is one of more than " + PIECES_MAX));
            } else if (inReply > REPLY_BYTES_MAX) {
                reads.refuse(
                        piece,
                        Faults.of(Kind.INVALID, "a reply of " + inReply + " bytes is longer than " + REPLY_BYTES_MAX));
            } else {
                reads.open(piece);
            }
        }
    }

    private ReadResult readRepaired(PieceReads.Piece piece, boolean relaxed) {
        StorageException failed = Faults.of(requireNonNull(piece.damage()));
        try (PieceReads again = new PieceReads(targets, engine, mover, visibility, relaxed, 1)) {
            if (repair.repair(piece.key)) {
                again.open(piece.asked);
                PieceReads.Piece repaired = again.read().getFirst();
                if (repaired.damage() == null) {
                    return repaired.result();
                }
            }
        } catch (StorageException e) {
            failed = e;
        }
        return new ReadResult.Failed(failed.detail());
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
