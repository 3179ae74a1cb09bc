package dev.weft.storage.engine;

import dev.weft.storage.engine.ChunkState.Stored;
import dev.weft.storage.engine.DiskIndex.IndexChange;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the bytes of a change on the disk, where nothing that is committed or being read is touched: behind the end of the
 * committed version where its extent has room, and otherwise, all of the new version, in a fresh extent.
 */
final class ChunkWriter {
    /** A version that keeps less than this part of its extent is moved to a smaller one. */
    private static final int KEPT_PART_MIN = 4;

    private final Extents extents;
    private final BlockChecksums checksums;
    private final BlockReader reader;
    private final BlockMemory memory;

    /** @param memory nobody else takes from, as this class holds some while it reads */
    ChunkWriter(Extents extents, BlockChecksums checksums, BlockReader reader, BlockMemory memory) {
        this.extents = extents;
        this.checksums = checksums;
        this.reader = reader;
        this.memory = memory;
    }

    /** What was written, and what the index must hear of it. The caller owns the version's hold on its extent. */
    record Written(Stored stored, Map<Integer, int[]> spans, boolean wrote) {
        List<IndexChange> changes() {
            Extent extent = stored.extent();
            return extent == null
                    ? List.of()
                    : spans.entrySet().stream()
                            .map(span -> BlockChecksums.change(extent, span.getKey(), span.getValue()))
                            .toList();
        }
    }

    Written write(ChunkKey key, long number, Change change, WriteId writer, @Nullable Stored committed)
            throws IOException {
        Draft draft = new Draft(key, number, writer, committed);
        return switch (change) {
            case Change.Remove() -> nowhere(new ChunkVersion(number, 0, 0, writer, true));
            case Change.Replace(MemorySegment image, int checksum) -> fresh(draft, image, checksum);
            case Change.Truncate(int length) -> truncate(draft, length);
            case Change.Write(int offset, MemorySegment bytes, int checksum) -> write(draft, offset, bytes, checksum);
        };
    }

    private Written write(Draft draft, int offset, MemorySegment bytes, int checksum) throws IOException {
        int end = Math.toIntExact(offset + bytes.byteSize());
        int old = draft.length();
        if (offset == 0 && end >= old) {
            return fresh(draft, bytes, checksum);
        }
        if (end > SizeClass.LARGEST_BYTES) {
            throw new IllegalArgumentException("chunk end " + end + " is beyond " + SizeClass.LARGEST_BYTES);
        }
        if (offset >= old) {
            Extent extent = draft.roomTo(end);
            if (extent != null) {
                return append(draft, extent, offset - old, bytes);
            }
        }
        try (BlockMemory.Lease lease = memory.acquire(Math.max(1, Math.max(end, old)))) {
            MemorySegment image = lease.segment().asSlice(0, Math.max(end, old));
            // Only what stays is read.
            copyOld(draft, image, 0, Math.min(offset, old));
            image.asSlice(Math.min(offset, old), Math.max(0, offset - old)).fill((byte) 0);
            MemorySegment.copy(bytes, 0, image, offset, bytes.byteSize());
            copyOld(draft, image, end, old);
            return fresh(draft, image, null);
        }
    }

    private Written truncate(Draft draft, int length) throws IOException {
        int old = draft.length();
        if (length == 0) {
            return nowhere(new ChunkVersion(draft.number, 0, 0, draft.writer, false));
        }
        if (length > old) {
            Extent extent = draft.roomTo(length);
            if (extent != null) {
                return append(draft, extent, length - old, MemorySegment.NULL);
            }
        } else if (draft.committed != null
                && draft.committed.extent() != null
                && length > draft.committed.extent().bytes() / KEPT_PART_MIN) {
            return shorten(draft, draft.committed, draft.committed.extent(), length);
        }
        try (BlockMemory.Lease lease = memory.acquire(length)) {
            MemorySegment image = lease.segment().asSlice(0, length);
            copyOld(draft, image, 0, Math.min(old, length));
            image.asSlice(Math.min(old, length)).fill((byte) 0);
            return fresh(draft, image, null);
        }
    }

    private void copyOld(Draft draft, MemorySegment image, int from, int to) throws IOException {
        if (draft.committed != null && to > from) {
            reader.read(draft.key, draft.committed, from, image.asSlice(from, to - from));
        }
    }

    private static Written nowhere(ChunkVersion version) {
        return new Written(new Stored(version, 0, null), Map.of(), false);
    }

    /** @param checksum what the image's was said to be, if something was said */
    private Written fresh(Draft draft, MemorySegment image, @Nullable Integer checksum) throws IOException {
        ChecksumBuilder sums = new ChecksumBuilder().add(image);
        if (checksum != null && checksum != sums.whole()) {
            throw new IllegalArgumentException("chunk " + draft.key + ": " + image.byteSize() + " bytes have checksum "
                    + Integer.toHexString(sums.whole()) + ", not " + Integer.toHexString(checksum));
        }
        if (sums.length() == 0) {
            return nowhere(new ChunkVersion(draft.number, 0, 0, draft.writer, false));
        }
        Extent extent = extents.allocate(sums.length(), draft.committed == null);
        return put(draft, extent, image, 0, sums);
    }

    /** Writes zeros and bytes behind what is committed. Readers of that see none of it. */
    private Written append(Draft draft, Extent extent, int gap, MemorySegment bytes) throws IOException {
        Stored committed = draft.committed;
        if (committed == null || !extent.retain()) {
            throw new IllegalStateException("chunk " + draft.key + " has nothing to append to");
        }
        int old = draft.length();
        int[] span;
        try {
            int blocks = ChecksumBuilder.wholeBlocksOfLastSpan(old);
            span = blocks == 0 ? new int[0] : checksums.of(extent, ChecksumBuilder.lastSpan(old), blocks);
        } catch (IOException e) {
            extent.release();
            throw e;
        }
        ChecksumBuilder sums = new ChecksumBuilder(old, committed.version().checksum(), committed.tailChecksum(), span);
        if (gap == 0) {
            return put(draft, extent, bytes, old, sums.add(bytes));
        }
        try (BlockMemory.Lease lease = memory.acquire(Math.toIntExact(gap + bytes.byteSize()))) {
            MemorySegment all = lease.segment().asSlice(0, gap + bytes.byteSize());
            all.asSlice(0, gap).fill((byte) 0);
            MemorySegment.copy(bytes, 0, all, gap, bytes.byteSize());
            return put(draft, extent, all, old, sums.add(all));
        }
    }

    private Written put(Draft draft, Extent extent, MemorySegment bytes, int offset, ChecksumBuilder sums)
            throws IOException {
        extent.willWriteTo(sums.length());
        try {
            extents.file(extent).write(bytes, extent.position() + offset);
        } catch (IOException e) {
            extent.release();
            throw e;
        }
        ChunkVersion version = new ChunkVersion(draft.number, sums.length(), sums.whole(), draft.writer, false);
        return new Written(new Stored(version, sums.tail(), extent), sums.spans(), true);
    }

    /** The bytes stay where they are; only the rest of the last block is looked at. */
    private Written shorten(Draft draft, Stored committed, Extent extent, int length) throws IOException {
        int whole = 0;
        for (int from = 0; from + Disk.BLOCK_BYTES <= length; from += BlockChecksums.SPAN_BYTES) {
            int blocks = Math.min(BlockChecksums.SPAN_BLOCKS, (length - from) / Disk.BLOCK_BYTES);
            int[] span = checksums.of(extent, from / BlockChecksums.SPAN_BYTES, blocks);
            for (int i = 0; i < blocks; i++) {
                whole = Checksum.combineBlock(whole, span[i]);
            }
        }
        int tail = 0;
        int rest = length % Disk.BLOCK_BYTES;
        if (rest > 0) {
            try (BlockMemory.Lease lease = memory.acquire(rest)) {
                tail = reader.read(
                        draft.key, committed, length - rest, lease.segment().asSlice(0, rest));
            }
            whole = Checksum.combine(whole, tail, rest);
        }
        if (!extent.retain()) {
            throw new IllegalStateException("chunk " + draft.key + " has given its extent back");
        }
        ChunkVersion version = new ChunkVersion(draft.number, length, whole, draft.writer, false);
        return new Written(new Stored(version, tail, extent), Map.of(), false);
    }

    /** What a change is made of, apart from the change. */
    private record Draft(
            ChunkKey key,
            long number,
            WriteId writer,
            @Nullable Stored committed) {
        int length() {
            return committed == null ? 0 : committed.length();
        }

        /**
         * The extent of the committed version, if that can go on in it to an end. Not if any other version has written
         * behind it: somebody may be reading that.
         */
        @Nullable
        Extent roomTo(int end) {
            Extent extent = committed == null ? null : committed.extent();
            return extent != null && extent.written() == length() && end <= extent.bytes() ? extent : null;
        }
    }
}
