package dev.weft.storage.engine;

import dev.weft.storage.engine.ChunkState.Stored;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads parts of versions from the disk, in whole blocks, and verifies each block. */
final class BlockReader {
    private static final int BLOCK = Disk.BLOCK_BYTES;

    /** With less than this in whole blocks, one read of everything and a copy cost less than three reads. */
    private static final int DIRECT_BYTES_MIN = 32 << 10;

    private final Disk disk;
    private final Extents extents;
    private final BlockChecksums checksums;
    private final BlockMemory memory;

    BlockReader(Disk disk, Extents extents, BlockChecksums checksums, BlockMemory memory) {
        this.disk = disk;
        this.extents = extents;
        this.checksums = checksums;
        this.memory = memory;
    }

    /** Reads one part; returns its checksum. The caller holds the extent. */
    int read(ChunkKey key, Stored stored, int offset, MemorySegment into) throws IOException {
        return switch (read(List.of(new Part(key, stored, offset, into))).getFirst()) {
            case PartResult.Read(int checksum) -> checksum;
            case PartResult.Failed(IOException failure) -> throw failure;
        };
    }

    /** Reads all parts with one submission. The caller holds the extents. */
    List<PartResult> read(List<Part> parts) {
        List<Plan> plans = new ArrayList<>(parts.size());
        long bounceBytes = 0;
        for (Part part : parts) {
            Plan plan = new Plan(part);
            plans.add(plan);
            bounceBytes += plan.bounceBytes;
        }
        if (bounceBytes > SizeClass.LARGEST_BYTES) {
            // One part alone never needs more.
            List<PartResult> results = new ArrayList<>(read(parts.subList(0, parts.size() / 2)));
            results.addAll(read(parts.subList(parts.size() / 2, parts.size())));
            return results;
        }
        if (bounceBytes == 0) {
            return read(plans, MemorySegment.NULL);
        }
        // All at once: who holds some and waits for more would wait for another one who does the same.
        try (BlockMemory.Lease lease = memory.acquire((int) bounceBytes)) {
            return read(plans, lease.segment());
        }
    }

    private List<PartResult> read(List<Plan> plans, MemorySegment bounce) {
        List<DiskRead> reads = new ArrayList<>(plans.size());
        long used = 0;
        for (Plan plan : plans) {
            plan.bounce = bounce.asSlice(used, plan.bounceBytes);
            used += plan.bounceBytes;
            plan.addTo(reads);
        }
        IOException failed = tryRead(reads);
        List<PartResult> results = new ArrayList<>(plans.size());
        for (Plan plan : plans) {
            results.add(failed == null ? plan.finish() : plan.readAlone());
        }
        return results;
    }

    private @Nullable IOException tryRead(List<DiskRead> reads) {
        try {
            if (!reads.isEmpty()) {
                disk.read(reads);
            }
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    /** @param into as long as what is read, which the version has */
    record Part(ChunkKey key, Stored stored, int offset, MemorySegment into) {}

    /**
     * How a part is read: its whole blocks into the caller's memory where that is aligned, the blocks that it has in part
     * into a bounce buffer.
     */
    private final class Plan {
        private final Part part;
        private final int end;

        /** Blocks in here go straight to the caller; empty if there are none. */
        private final int directFrom;

        private final int directTo;

        private final int bounceBytes;

        /** As many bytes as were asked for, from a block's border on. */
        private MemorySegment bounce = MemorySegment.NULL;

        Plan(Part part) {
            this.part = part;
            this.end = Math.toIntExact(part.offset + part.into.byteSize());
            int from = roundUp(part.offset);
            int to = end - end % BLOCK;
            boolean exact = from == part.offset && to == end;
            boolean aligned = part.into.isNative() && (part.into.address() + from - part.offset) % BLOCK == 0;
            boolean direct = aligned && to > from && (exact || to - from >= DIRECT_BYTES_MIN);
            this.directFrom = direct ? from : part.offset;
            this.directTo = direct ? to : part.offset;
            this.bounceBytes = !direct
                    ? roundUp(end) - firstBlock()
                    : (directFrom > part.offset ? BLOCK : 0) + (directTo < end ? BLOCK : 0);
        }

        private int firstBlock() {
            return part.offset - part.offset % BLOCK;
        }

        private boolean direct() {
            return directTo > directFrom;
        }

        void addTo(List<DiskRead> reads) {
            Extent extent = part.stored.extent();
            if (extent == null || end == part.offset) {
                return;
            }
            DiskFile file = extents.file(extent);
            long position = extent.position();
            if (!direct()) {
                reads.add(new DiskRead(file, position + firstBlock(), bounce));
                return;
            }
            reads.add(new DiskRead(
                    file, position + directFrom, part.into.asSlice(directFrom - part.offset, directTo - directFrom)));
            if (directFrom > part.offset) {
                reads.add(new DiskRead(file, position + firstBlock(), bounce.asSlice(0, BLOCK)));
            }
            if (directTo < end) {
                reads.add(new DiskRead(file, position + directTo, bounce.asSlice(bounceBytes - BLOCK, BLOCK)));
            }
        }

        PartResult readAlone() {
            List<DiskRead> reads = new ArrayList<>();
            addTo(reads);
            IOException failed = tryRead(reads);
            return failed == null ? finish() : new PartResult.Failed(failed);
        }

        /** Verifies what was read, and copies what is not yet in its place. */
        PartResult finish() {
            try {
                return new PartResult.Read(verify());
            } catch (IOException e) {
                return new PartResult.Failed(e);
            }
        }

        private int verify() throws IOException {
            int whole = 0;
            int[] span = new int[0];
            int spanNumber = -1;
            for (int at = part.offset; at < end; ) {
                int block = at - at % BLOCK;
                int size = Math.min(BLOCK, length() - block);
                int spanOfBlock = block / BlockChecksums.SPAN_BYTES;
                if (spanOfBlock != spanNumber) {
                    span = span(spanOfBlock);
                    spanNumber = spanOfBlock;
                }
                MemorySegment bytes = bytes(block);
                int stored =
                        size == BLOCK ? span[block % BlockChecksums.SPAN_BYTES / BLOCK] : part.stored.tailChecksum();
                int found = Checksum.of(bytes.asSlice(0, size));
                if (found != stored) {
                    throw new CorruptedChunkException(part.key, part.stored.version(), block, size, found, stored);
                }
                int piece = Math.min(end, block + BLOCK) - at;
                if (piece == BLOCK) {
                    whole = Checksum.combineBlock(whole, found);
                } else {
                    int ofPiece = piece == size ? found : Checksum.of(bytes.asSlice(at - block, piece));
                    whole = Checksum.combine(whole, ofPiece, piece);
                }
                if (!(direct() && at >= directFrom && at < directTo)) {
                    MemorySegment.copy(bytes, at - block, part.into, at - part.offset, piece);
                }
                at += piece;
            }
            return whole;
        }

        private int[] span(int number) throws IOException {
            Extent extent = part.stored.extent();
            if (extent == null) {
                throw new IOException("chunk " + part.key + " has " + length() + " bytes nowhere");
            }
            int spanEnd = (int) Math.min(end, (number + 1L) * BlockChecksums.SPAN_BYTES);
            int lastWhole = Math.min(roundUp(spanEnd), length() - length() % BLOCK);
            int blocks = (lastWhole - number * BlockChecksums.SPAN_BYTES) / BLOCK;
            return blocks == 0 ? new int[0] : checksums.of(extent, number, blocks);
        }

        /** Where a block of the part was read to. */
        private MemorySegment bytes(int block) {
            if (!direct()) {
                return bounce.asSlice(block - firstBlock(), BLOCK);
            }
            if (block >= directFrom && block < directTo) {
                return part.into.asSlice(block - part.offset, BLOCK);
            }
            return bounce.asSlice(block < directFrom ? 0 : bounceBytes - BLOCK, BLOCK);
        }

        private int length() {
            return part.stored.length();
        }
    }

    private static int roundUp(int offset) {
        return (offset + BLOCK - 1) / BLOCK * BLOCK;
    }
}
