package dev.weft.storage.engine;

import dev.weft.storage.engine.ChunkState.Stored;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Moves extents from the sparsely used ends of data files to free space before, so that the files can be cut. */
final class Compaction {
    /** Rounds without a search, which looks at all chunks, after one that found nothing to move. */
    private static final int FRUITLESS_PAUSE = 60;

    private final ChunkTable chunks;
    private final Extents extents;
    private final BlockReader reader;
    private final BlockChecksums checksums;
    private final BlockMemory memory;
    private final GroupCommit commits;
    private int roundsToSkip;

    Compaction(
            ChunkTable chunks,
            Extents extents,
            BlockReader reader,
            BlockChecksums checksums,
            BlockMemory memory,
            GroupCommit commits) {
        this.chunks = chunks;
        this.extents = extents;
        this.reader = reader;
        this.checksums = checksums;
        this.memory = memory;
        this.commits = commits;
    }

    /** Moves at most so many extents; returns how many. From one thread. */
    int run(int limit) throws IOException {
        if (roundsToSkip > 0) {
            roundsToSkip--;
            return 0;
        }
        int[] sparseFrom = new int[SizeClass.COUNT];
        boolean any = false;
        for (int i = 0; i < SizeClass.COUNT; i++) {
            sparseFrom[i] = extents.sparseFrom(i);
            any |= sparseFrom[i] >= 0;
        }
        if (!any) {
            return 0;
        }
        int[] moved = new int[1];
        List<ChunkKey> candidates = chunks.inExtents(
                limit, extent -> sparseFrom[extent.sizeClass] >= 0 && extent.slot >= sparseFrom[extent.sizeClass]);
        for (ChunkKey key : candidates) {
            chunks.tryMove(key, () -> moved[0] += move(key, sparseFrom) ? 1 : 0);
        }
        if (moved[0] == 0) {
            roundsToSkip = FRUITLESS_PAUSE;
        }
        return moved[0];
    }

    private boolean move(ChunkKey key, int[] sparseFrom) throws IOException {
        ChunkState state = chunks.get(key);
        Stored old = state == null || state.pending() != null ? null : state.committed();
        Extent from = old == null ? null : old.extent();
        if (old == null || from == null) {
            return false;
        }
        Extent to = extents.allocateBelow(from, sparseFrom[from.sizeClass]);
        if (to == null) {
            return false;
        }
        int length = old.length();
        ChecksumBuilder sums;
        Stored moved = new Stored(old.version(), old.tailChecksum(), to);
        try (BlockMemory.Lease lease = memory.acquire(length)) {
            MemorySegment image = lease.segment().asSlice(0, length);
            reader.read(key, old, 0, image);
            sums = new ChecksumBuilder().add(image);
            to.willWriteTo(length);
            extents.file(to).write(image, to.position());
            List<DiskIndex.IndexChange> changes = new ArrayList<>();
            sums.spans().forEach((span, values) -> changes.add(BlockChecksums.change(to, span, values)));
            changes.add(IndexRecords.put(key, new ChunkState(moved, null)));
            commits.writeDurably(changes, extents.file(to));
        } catch (CorruptedChunkException e) {
            // Whoever reads it next finds out, and repairs it.
            to.release();
            return false;
        } catch (IOException e) {
            to.release();
            throw e;
        }
        sums.spans().forEach((span, values) -> checksums.remember(to, span, values));
        chunks.put(key, new ChunkState(moved, null));
        old.release();
        return true;
    }
}
