package dev.weft.storage;

import dev.weft.api.storage.ReadPiece;
import dev.weft.api.storage.ReadResult;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault.Kind;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.ChunkKey;
import dev.weft.storage.engine.ChunkReader;
import dev.weft.storage.engine.ChunkVersion;
import dev.weft.storage.engine.CorruptedChunkException;
import dev.weft.storage.engine.Disk;
import dev.weft.storage.engine.PartRead;
import dev.weft.storage.engine.PartResult;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pieces that are read together: all of them are opened first, and then read with one submission to the disk, or with
 * several if they need more memory than one may have. For one thread.
 */
final class PieceReads implements AutoCloseable {
    /**
     * Of memory for one submission, unless one piece alone needs more. It is taken at once, so that nobody waits for memory
     * and holds some; more of it would not make a disk any busier.
     */
    private static final int SUBMISSION_BYTES_MAX = 16 << 20;

    private final Targets targets;
    private final ChunkEngine engine;
    private final DataMover mover;
    private final Visibility visibility;
    private final boolean relaxed;
    private final List<Piece> pieces;

    PieceReads(
            Targets targets, ChunkEngine engine, DataMover mover, Visibility visibility, boolean relaxed, int count) {
        this.targets = targets;
        this.engine = engine;
        this.mover = mover;
        this.visibility = visibility;
        this.relaxed = relaxed;
        this.pieces = new ArrayList<>(count);
    }

    /** One piece, on its way from what was asked to what is answered. */
    static final class Piece {
        final ReadPiece asked;
        final ChunkKey key;

        /** Among those that are read together. */
        final int number;

        private @Nullable ChunkReader reader;

        /** How much of what was asked for is there. */
        private int length;

        /** Whether what is read was not committed when it was opened. */
        private boolean pending;

        /** Where its bytes are in the memory of its submission. */
        private long at;

        private @Nullable ReadResult result;
        private @Nullable CorruptedChunkException damage;

        private Piece(ReadPiece asked, int number) {
            this.asked = asked;
            this.number = number;
            this.key = new ChunkKey(
                    asked.targetId(), asked.chunk().inodeId(), asked.chunk().index());
        }

        /** What the disk had instead of what was written; null if the piece could be read or failed otherwise. */
        @Nullable
        CorruptedChunkException damage() {
            return damage;
        }

        ReadResult result() {
            return result != null ? result : new ReadResult.NotFound();
        }

        void fail(StorageException why) {
            result = new ReadResult.Failed(why.detail());
        }
    }

    /** Holds the version to be read. */
    void open(ReadPiece asked) {
        Piece piece = new Piece(asked, pieces.size());
        pieces.add(piece);
        try {
            Membership member = targets.readable(asked.chain(), asked.targetId());
            if (asked.offset() < 0 || asked.length() < 0 || asked.length() > Requests.CHUNK_BYTES_MAX) {
                throw Faults.of(
                        Kind.INVALID, asked.length() + " bytes at offset " + asked.offset() + " cannot be read");
            }
            ChunkReader reader = relaxed ? openRelaxed(piece) : visibility.open(member, piece.key);
            piece.reader = reader;
            if (reader != null) {
                piece.length = Math.clamp((long) reader.version().length() - asked.offset(), 0, asked.length());
            }
        } catch (StorageException e) {
            piece.fail(e);
        }
    }

    private @Nullable ChunkReader openRelaxed(Piece piece) throws StorageException {
        Visibility.Newest newest = visibility.openNewest(piece.key);
        piece.pending = newest.pending();
        return newest.reader();
    }

    /** Refuses a piece without looking for it. */
    void refuse(ReadPiece asked, StorageException why) {
        Piece piece = new Piece(asked, pieces.size());
        piece.fail(why);
        pieces.add(piece);
    }

    /** Reads and verifies all that was opened; returns all pieces, in order. */
    List<Piece> read() {
        int from = 0;
        while (from < pieces.size()) {
            long bytes = 0;
            int to = from;
            do {
                Piece piece = pieces.get(to++);
                piece.at = bytes + piece.asked.offset() % Disk.BLOCK_BYTES;
                bytes += room(piece);
            } while (to < pieces.size() && bytes + room(pieces.get(to)) <= SUBMISSION_BYTES_MAX);
            submit(pieces.subList(from, to), (int) bytes);
            from = to;
        }
        return pieces;
    }

    /** A piece has its bytes at the place in a block that they have on the disk, which spares the engine a copy. */
    private static long room(Piece piece) {
        if (piece.length == 0) {
            return 0;
        }
        long end = piece.asked.offset() % Disk.BLOCK_BYTES + (long) piece.length;
        return (end + Disk.BLOCK_BYTES - 1) / Disk.BLOCK_BYTES * Disk.BLOCK_BYTES;
    }

    private void submit(List<Piece> some, int bytes) {
        if (bytes == 0) {
            some.forEach(piece -> finish(piece, MemorySegment.NULL, 0));
            return;
        }
        try (DataMover.Block block = mover.acquire(bytes)) {
            List<PartRead> parts = new ArrayList<>(some.size());
            for (Piece piece : some) {
                ChunkReader reader = piece.reader;
                if (reader != null && piece.length > 0) {
                    parts.add(new PartRead(reader, piece.asked.offset(), bytes(piece, block)));
                }
            }
            List<PartResult> results = engine.read(parts);
            int next = 0;
            for (Piece piece : some) {
                if (piece.length == 0) {
                    finish(piece, MemorySegment.NULL, 0);
                    continue;
                }
                switch (results.get(next++)) {
                    case PartResult.Read(int checksum) -> finish(piece, bytes(piece, block), checksum);
                    case PartResult.Failed(CorruptedChunkException e) -> piece.damage = e;
                    case PartResult.Failed(IOException e) -> piece.fail(Faults.of(e));
                }
            }
        }
    }

    private static MemorySegment bytes(Piece piece, DataMover.Block block) {
        return block.segment().asSlice(piece.at, piece.length);
    }

    private void finish(Piece piece, MemorySegment bytes, int checksum) {
        if (piece.result != null) {
            return;
        }
        try {
            // Others may have taken over while we read.
            targets.readable(piece.asked.chain(), piece.asked.targetId());
            ChunkReader reader = piece.reader;
            piece.result = reader == null
                    ? new ReadResult.NotFound()
                    : found(piece, reader.version(), deliver(piece.asked, bytes), checksum);
        } catch (StorageException e) {
            piece.fail(e);
        }
    }

    private static ReadResult found(Piece piece, ChunkVersion version, MemorySegment inline, int checksum) {
        return new ReadResult.Found(version.number(), version.length(), piece.length, checksum, inline, piece.pending);
    }

    /** Puts the bytes where the caller wants them; returns those that go into the reply. */
    private MemorySegment deliver(ReadPiece asked, MemorySegment bytes) {
        if (bytes.byteSize() == 0) {
            return MemorySegment.NULL;
        }
        if (asked.into().isPresent()) {
            mover.push(bytes, asked.into().get().slice(0, bytes.byteSize()));
            return MemorySegment.NULL;
        }
        return MemorySegment.ofArray(bytes.toArray(ValueLayout.JAVA_BYTE));
    }

    @Override
    public void close() {
        for (Piece piece : pieces) {
            if (piece.reader != null) {
                piece.reader.close();
            }
        }
    }
}
