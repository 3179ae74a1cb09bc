package dev.weft.storage.engine;

import dev.weft.storage.engine.ChunkState.Stored;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a disk that no engine has open: every record of the index, that no slot belongs to two extents, and every byte of
 * every version against its checksums. Changes nothing.
 */
public final class DiskVerification {
    /** What can be wrong. */
    public enum Kind {
        /** A record of the index cannot be understood. */
        BAD_RECORD,
        /** Two chunks, or two versions that do not share an extent, refer to one slot. */
        SLOT_USED_TWICE,
        /** A version refers to space that its file does not have. */
        BEYOND_FILE,
        /** Checksums of blocks are missing. */
        NO_CHECKSUMS,
        /** Bytes do not match their checksum. */
        DAMAGED,
        /** Bytes cannot be read. */
        UNREADABLE,
        /** Checksums of an extent that no chunk has, which a crash may leave; harmless. */
        STRAY_CHECKSUMS
    }

    /** Something that is wrong. */
    public record Problem(Kind kind, String message) {
        /** False if the disk can be used as it is. */
        public boolean harmful() {
            return kind != Kind.STRAY_CHECKSUMS;
        }
    }

    /**
     * What was looked at.
     *
     * @param verifiedBytes of versions, read and compared
     * @param extents in use
     * @param freeSlots that files have and nobody uses
     * @param applied records of clients' channels
     */
    public record Report(
            long chunks,
            long versions,
            long verifiedBytes,
            long extents,
            long freeSlots,
            long applied,
            long problems) {}

    private final Disk disk;
    private final Consumer<Problem> problems;
    private final Map<Integer, DiskFile> files = new HashMap<>();
    private final Map<Integer, BitSet> taken = new HashMap<>();
    private final Map<Long, ChunkKey> owners = new HashMap<>();
    private final BlockMemory memory = new BlockMemory(2L * SizeClass.LARGEST_BYTES);

    /** Owner of extents that are never given back. */
    private final Extents nobody;

    private long chunks;
    private long versions;
    private long verifiedBytes;
    private long applied;
    private long harm;

    /**
     * A verification of a disk, to be run once.
     *
     * @param problems hears of each problem as it is found
     */
    public DiskVerification(Disk disk, Consumer<Problem> problems) {
        this.disk = disk;
        this.problems = problems;
        this.nobody = new Extents(disk, EngineOptions.defaults());
    }

    /**
     * Looks at everything once.
     *
     * @param readData whether bytes are read too, and not only the index
     * @param progress hears how far the reading is
     * @throws IOException if the index cannot be read at all
     */
    public Report run(boolean readData, Progress progress) throws IOException {
        List<Found> found = new ArrayList<>();
        Set<Byte> unknown = new HashSet<>();
        disk.index().forEach(new byte[0], (key, value) -> {
            switch (key.length == 0 ? 0 : key[0]) {
                case IndexRecords.CHUNK -> chunk(key, value, found);
                case IndexRecords.APPLIED -> appliedRecord(key, value);
                case IndexRecords.FLOOR -> floorRecord(key, value);
                case IndexRecords.SCRUBBED -> scrubRecord(key, value);
                case IndexRecords.CHECKSUMS -> {}
                default -> {
                    if (unknown.add(key[0])) {
                        report(Kind.BAD_RECORD, "the index has keys of unknown kind " + key[0]);
                    }
                }
            }
        });
        if (readData) {
            long total =
                    found.stream().mapToLong(chunk -> chunk.stored.length()).sum();
            for (Found chunk : found) {
                verify(chunk);
                progress.verified(verifiedBytes, total);
            }
        }
        disk.index().forEach(new byte[] {IndexRecords.CHECKSUMS}, this::checksums);
        long free = 0;
        long extents = 0;
        for (Map.Entry<Integer, DiskFile> file : files.entrySet()) {
            int inUse = taken.getOrDefault(file.getKey(), new BitSet()).cardinality();
            extents += inUse;
            free += file.getValue().size() / SizeClass.bytes(file.getKey()) - inUse;
        }
        return new Report(chunks, versions, verifiedBytes, extents, Math.max(0, free), applied, harm);
    }

    /** Hears how far a verification is. */
    public interface Progress {
        void verified(long bytes, long ofBytes);
    }

    private record Found(ChunkKey key, Stored stored) {}

    private void chunk(byte[] key, byte[] value, List<Found> found) {
        chunks++;
        ChunkKey name;
        ChunkState state;
        try {
            name = IndexRecords.readChunkKey(key);
            ChunkKey owner = name;
            state = IndexRecords.readChunkValue(value, (sizeClass, slot) -> occupy(owner, sizeClass, slot));
        } catch (IOException | RuntimeException e) {
            report(Kind.BAD_RECORD, "record of a chunk: " + e.getMessage());
            return;
        }
        add(name, state.committed(), found);
        add(name, state.pending(), found);
    }

    private void add(ChunkKey key, @Nullable Stored stored, List<Found> found) {
        if (stored == null) {
            return;
        }
        versions++;
        Extent extent = stored.extent();
        if (extent == null) {
            return;
        }
        try {
            if (extent.position() + extent.bytes() > file(extent.sizeClass).size()) {
                report(
                        Kind.BEYOND_FILE,
                        "chunk " + key + " version " + stored.number() + ": extent " + extent.sizeClass + "/"
                                + extent.slot + " is behind the end of " + SizeClass.fileName(extent.sizeClass));
                return;
            }
            found.add(new Found(key, stored));
        } catch (IOException e) {
            report(Kind.UNREADABLE, String.valueOf(e.getMessage()));
        }
    }

    private Extent occupy(ChunkKey owner, int sizeClass, int slot) throws IOException {
        if (sizeClass < 0 || sizeClass >= SizeClass.COUNT || slot < 0) {
            throw new IOException(
                    "chunk " + owner + " refers to extent " + sizeClass + "/" + slot + ", which cannot exist");
        }
        ChunkKey other = owners.putIfAbsent(((long) sizeClass << 32) | slot, owner);
        if (other != null) {
            report(
                    Kind.SLOT_USED_TWICE,
                    "extent " + sizeClass + "/" + slot + " belongs to chunk " + other + " and to chunk " + owner);
        }
        taken.computeIfAbsent(sizeClass, _ -> new BitSet()).set(slot);
        return new Extent(sizeClass, slot, nobody);
    }

    private DiskFile file(int sizeClass) throws IOException {
        DiskFile file = files.get(sizeClass);
        if (file == null) {
            file = disk.file(SizeClass.fileName(sizeClass));
            files.put(sizeClass, file);
        }
        return file;
    }

    private void verify(Found chunk) {
        Stored stored = chunk.stored;
        Extent extent = stored.extent();
        ChunkVersion version = stored.version();
        if (extent == null) {
            return;
        }
        String name = "chunk " + chunk.key + " version " + version.number();
        int whole = 0;
        try (BlockMemory.Lease lease = memory.acquire(BlockChecksums.SPAN_BYTES)) {
            for (int from = 0; from < version.length(); from += BlockChecksums.SPAN_BYTES) {
                int length = Math.min(BlockChecksums.SPAN_BYTES, version.length() - from);
                MemorySegment bytes = lease.segment()
                        .asSlice(0, (length + Disk.BLOCK_BYTES - 1) / Disk.BLOCK_BYTES * (long) Disk.BLOCK_BYTES);
                disk.read(List.of(new DiskRead(file(extent.sizeClass), extent.position() + from, bytes)));
                ChecksumBuilder found = new ChecksumBuilder().add(bytes.asSlice(0, length));
                compare(name, stored, extent, from, found);
                whole = Checksum.combine(whole, found.whole(), length);
                verifiedBytes += length;
            }
            if (whole != version.checksum()) {
                report(
                        Kind.DAMAGED,
                        name + ": " + version.length() + " bytes have checksum " + Integer.toHexString(whole)
                                + ", stored was " + Integer.toHexString(version.checksum()));
            }
        } catch (IOException e) {
            report(Kind.UNREADABLE, name + ": " + e.getMessage());
        }
    }

    private void compare(String name, Stored stored, Extent extent, int from, ChecksumBuilder found)
            throws IOException {
        int blocks = found.length() / Disk.BLOCK_BYTES;
        if (blocks > 0) {
            int span = from / BlockChecksums.SPAN_BYTES;
            byte[] record = disk.index().get(IndexRecords.checksumsKey(extent.sizeClass, extent.slot, span));
            int[] known = record == null ? new int[0] : IndexRecords.readChecksums(record);
            if (known.length < blocks) {
                report(
                        Kind.NO_CHECKSUMS,
                        name + ": " + known.length + " checksums of " + blocks + " blocks at " + from);
            }
            int[] seen = found.spans().getOrDefault(0, new int[0]);
            for (int block = 0; block < Math.min(blocks, known.length); block++) {
                if (known[block] != seen[block]) {
                    report(
                            Kind.DAMAGED,
                            name + ": block at " + (from + block * Disk.BLOCK_BYTES) + " has checksum "
                                    + Integer.toHexString(seen[block]) + ", stored was "
                                    + Integer.toHexString(known[block]));
                }
            }
        }
        boolean last = from + found.length() == stored.length();
        if (last && found.tail() != stored.tailChecksum()) {
            report(
                    Kind.DAMAGED,
                    name + ": the bytes behind its last whole block have checksum " + Integer.toHexString(found.tail())
                            + ", stored was " + Integer.toHexString(stored.tailChecksum()));
        }
    }

    private void appliedRecord(byte[] key, byte[] value) {
        applied++;
        try {
            IndexRecords.readApplied(key, value);
        } catch (IOException e) {
            report(Kind.BAD_RECORD, "record of a channel: " + e.getMessage());
        }
    }

    private void floorRecord(byte[] key, byte[] value) {
        try {
            IndexRecords.readFloorKey(key);
            IndexRecords.readFloor(value);
        } catch (IOException e) {
            report(Kind.BAD_RECORD, "record of a version floor: " + e.getMessage());
        }
    }

    private void scrubRecord(byte[] key, byte[] value) {
        try {
            IndexRecords.readScrubbed(key, value);
        } catch (IOException e) {
            report(Kind.BAD_RECORD, "record of the scrubber: " + e.getMessage());
        }
    }

    private void checksums(byte[] key, byte[] value) {
        try {
            IndexRecords.readChecksums(value);
            int[] extent = IndexRecords.readChecksumsKey(key);
            if (!taken.getOrDefault(extent[0], new BitSet()).get(extent[1])) {
                report(
                        Kind.STRAY_CHECKSUMS,
                        "checksums of extent " + extent[0] + "/" + extent[1] + ", which no chunk has");
            }
        } catch (IOException e) {
            report(Kind.BAD_RECORD, "record of checksums: " + e.getMessage());
        }
    }

    private void report(Kind kind, String message) {
        Problem problem = new Problem(kind, message);
        harm += problem.harmful() ? 1 : 0;
        problems.accept(problem);
    }
}
