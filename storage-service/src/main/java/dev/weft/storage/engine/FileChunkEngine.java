package dev.weft.storage.engine;

import dev.weft.storage.engine.ChunkState.Stored;
import dev.weft.storage.engine.DiskIndex.IndexChange;
import dev.weft.storage.engine.IndexRecords.Remembered;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The engine on a {@link Disk}: bytes in preallocated files of one size class each, metadata in the index and in memory.
 *
 * <p>A caller's thread writes the bytes of its change; one commit thread forces them, and writes the index, for all
 * callers at a time. What goes beyond a chunk's end stays in its extent, any other change makes a new one.
 */
public final class FileChunkEngine implements ChunkEngine {
    /** A round of upkeep moves and punches so much at most: each takes milliseconds. */
    private static final int MOVES_MAX = 32;

    private static final int PUNCHES_MAX = 64;

    private final Disk disk;
    private final Extents extents;
    private final BlockChecksums checksums;
    private final BlockReader reader;
    private final ChunkWriter writer;
    private final ChunkTable chunks = new ChunkTable();
    private final AppliedTable applied;
    private final VersionFloors floors = new VersionFloors();
    private final ScrubPlaces scrubbed = new ScrubPlaces();
    private final GroupCommit commits;
    private final Compaction compaction;
    private final DiskCheck check;

    /** Opens what is on the disk, with the default options. */
    public FileChunkEngine(Disk disk, ThreadFactory threads) throws IOException {
        this(disk, threads, EngineOptions.defaults());
    }

    /**
     * Opens what is on the disk.
     *
     * @param threads makes the commit thread
     * @throws IOException if the disk cannot be read, or what is there contradicts itself
     */
    public FileChunkEngine(Disk disk, ThreadFactory threads, EngineOptions options) throws IOException {
        this.disk = disk;
        this.extents = new Extents(disk, options);
        this.checksums = new BlockChecksums(disk.index(), options.checksumCacheBytes());
        this.reader = new BlockReader(disk, extents, checksums, new BlockMemory(options.transferBytes()));
        BlockMemory images = new BlockMemory(options.transferBytes());
        this.writer = new ChunkWriter(extents, checksums, reader, images);
        this.applied = new AppliedTable(options.appliedMax());
        this.check = new DiskCheck(disk);
        load(disk.index());
        extents.measure();
        this.commits = new GroupCommit(disk.index(), extents, threads);
        this.compaction = new Compaction(chunks, extents, reader, checksums, images, commits);
    }

    private void load(DiskIndex index) throws IOException {
        try {
            forEach(
                    index,
                    IndexRecords.CHUNK,
                    (key, value) -> chunks.put(
                            IndexRecords.readChunkKey(key), IndexRecords.readChunkValue(value, extents::occupy)));
            List<Remembered> records = new ArrayList<>();
            forEach(index, IndexRecords.APPLIED, (key, value) -> records.add(IndexRecords.readApplied(key, value)));
            applied.load(records);
            forEach(index, IndexRecords.FLOOR, floors::load);
            forEach(index, IndexRecords.SCRUBBED, scrubbed::load);
        } catch (UncheckedIOException e) {
            throw new IOException("cannot open the index: " + e.getMessage(), e);
        }
    }

    private static void forEach(DiskIndex index, byte kind, RecordReader reader) throws IOException {
        index.forEach(new byte[] {kind}, (key, value) -> {
            try {
                reader.read(key, value);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private interface RecordReader {
        void read(byte[] key, byte[] value) throws IOException;
    }

    @Override
    public Optional<ChunkInfo> find(ChunkKey key) {
        return Optional.ofNullable(chunks.get(key)).map(state -> state.info(key));
    }

    @Override
    public ChunkVersion apply(ChunkKey key, long number, Change change, WriteId writeId) throws IOException {
        try (ChunkTable.Hold _ = chunks.hold(key)) {
            ChunkState before = chunks.get(key);
            Stored committed = before == null ? null : before.committed();
            boolean dependent = !(change instanceof Change.Replace || change instanceof Change.Remove);
            if (dependent && committed != null && number != committed.number() + 1) {
                throw new IllegalArgumentException("chunk " + key + ": version " + number + " does not follow "
                        + committed.number() + ", which is committed");
            }
            ChunkWriter.Written written = writer.write(key, number, change, writeId, committed);
            Stored pending = written.stored();
            ChunkState after = new ChunkState(committed, pending);
            Extent extent = pending.extent();
            try {
                List<IndexChange> changes = new ArrayList<>(written.changes());
                changes.add(IndexRecords.put(key, after));
                commits.writeDurably(changes, extent != null && written.wrote() ? extents.file(extent) : null);
            } catch (IOException e) {
                pending.release();
                throw e;
            }
            if (extent != null) {
                written.spans().forEach((span, sums) -> checksums.remember(extent, span, sums));
            }
            chunks.put(key, after);
            if (before != null && before.pending() != null) {
                before.pending().release();
            }
            return pending.version();
        }
    }

    @Override
    public ChunkVersion commit(ChunkKey key, long number) throws IOException {
        try (ChunkTable.Hold _ = chunks.hold(key)) {
            ChunkState before = chunks.get(key);
            Stored pending = before == null ? null : before.pending();
            if (before == null || pending == null || pending.number() != number) {
                throw new IllegalArgumentException("chunk " + key + ": version " + number + " is not pending");
            }
            ChunkVersion version = pending.version();
            Applied done = new Applied(key.target(), version.writer(), number, version.length(), version.checksum());
            ChunkState after = new ChunkState(pending, null);
            commits.writeInOrder(() -> {
                List<IndexChange> changes = new ArrayList<>(applied.remember(done));
                if (version.removed()) {
                    changes.add(new IndexChange(IndexRecords.chunkKey(key), null));
                    changes.addAll(floors.raise(key.target(), Math.max(number, before.committedNumber())));
                } else {
                    changes.add(IndexRecords.put(key, after));
                }
                return changes;
            });
            if (version.removed()) {
                chunks.remove(key);
            } else {
                chunks.put(key, after);
            }
            if (before.committed() != null) {
                before.committed().release();
            }
            return version;
        }
    }

    @Override
    public @Nullable ChunkReader openCommitted(ChunkKey key) {
        return open(key, ChunkState::committed);
    }

    @Override
    public @Nullable ChunkReader openPending(ChunkKey key) {
        ChunkReader pending = open(key, ChunkState::pending);
        return pending == null || pending.version().removed() ? null : pending;
    }

    private @Nullable ChunkReader open(ChunkKey key, Function<ChunkState, @Nullable Stored> which) {
        Stored stored = chunks.retain(key, which);
        return stored == null ? null : new Reader(key, stored, reader);
    }

    @Override
    public List<PartResult> read(List<PartRead> parts) {
        return reader.read(parts.stream()
                .map(part -> ((Reader) part.reader()).part(part.offset(), part.into()))
                .toList());
    }

    @Override
    public List<ChunkInfo> list(long target, @Nullable ChunkKey after, int limit) {
        return chunks.list(target, after, limit);
    }

    @Override
    public Optional<LastChunk> last(long target, long inode) {
        return chunks.last(target, inode);
    }

    @Override
    public Optional<Applied> applied(long target, WriteId id) {
        return applied.get(target, id);
    }

    @Override
    public List<Applied> allApplied(long target) {
        return applied.all(target);
    }

    @Override
    public void putApplied(Collection<Applied> fresh) throws IOException {
        for (Applied done : fresh) {
            boolean known = applied.get(done.target(), done.writer())
                    .filter(last -> last.writer().sequence() >= done.writer().sequence())
                    .isPresent();
            if (!known) {
                commits.writeInOrder(() -> applied.remember(done));
            }
        }
        commits.writeDurably(List.of(), null);
    }

    @Override
    public void forgetApplied(long target) throws IOException {
        commits.writeInOrder(() -> applied.forget(target, Long.MAX_VALUE, _ -> true));
        commits.writeDurably(List.of(), null);
    }

    @Override
    public long appliedMark() {
        return applied.mark();
    }

    @Override
    public int appliedCount(long target) {
        return applied.count(target);
    }

    @Override
    public void forgetApplied(long target, long mark, Predicate<UUID> client) throws IOException {
        commits.writeInOrder(() -> applied.forget(target, mark, client));
    }

    @Override
    public long versionFloor(long target) {
        return floors.of(target);
    }

    @Override
    public void raiseVersionFloor(long target, long number) throws IOException {
        if (number > floors.of(target)) {
            commits.writeInOrder(() -> floors.raise(target, number));
            commits.writeDurably(List.of(), null);
        }
    }

    @Override
    public Optional<ChunkKey> scrubbed(long target) {
        return scrubbed.of(target);
    }

    @Override
    public void putScrubbed(long target, @Nullable ChunkKey place) throws IOException {
        commits.write(List.of(scrubbed.put(target, place)));
    }

    @Override
    public long usedBytes() {
        return extents.usedBytes();
    }

    @Override
    public long capacityBytes() {
        return disk.capacityBytes();
    }

    @Override
    public void limitSpace(double low, double refuse) {
        extents.limitSpace(low, refuse);
    }

    @Override
    public EngineSpace space() throws IOException {
        return extents.measure();
    }

    @Override
    public Upkeep upkeep() throws IOException {
        disk.setAside();
        extents.measure();
        int moved = compaction.run(MOVES_MAX);
        int punched = 0;
        if (moved > 0 || extents.hasGivenBack()) {
            // Makes what came back free, also when nobody writes.
            commits.writeDurably(List.of(), null);
        }
        for (int i = 0; i < SizeClass.COUNT; i++) {
            extents.reserve(i);
            punched += extents.discard(i, PUNCHES_MAX - punched);
        }
        return new Upkeep(moved, punched);
    }

    @Override
    public void checkDisk() throws IOException {
        check.run();
    }

    @Override
    public void close() {
        commits.close();
    }

    private record Reader(ChunkKey key, Stored stored, BlockReader blocks) implements ChunkReader {
        @Override
        public ChunkVersion version() {
            return stored.version();
        }

        @Override
        public void read(MemorySegment into) throws IOException {
            if (into.byteSize() != stored.length()) {
                throw new IllegalArgumentException("memory of " + into.byteSize() + " bytes for " + stored.length());
            }
            int found = read(0, into);
            int whole = stored.version().checksum();
            if (found != whole) {
                throw new CorruptedChunkException(key, version(), 0, version().length(), found, whole);
            }
        }

        @Override
        public int read(int offset, MemorySegment into) throws IOException {
            part(offset, into);
            return blocks.read(key, stored, offset, into);
        }

        BlockReader.Part part(int offset, MemorySegment into) {
            int length = stored.length();
            if (offset < 0 || into.byteSize() > length || offset > length - into.byteSize()) {
                throw new IllegalArgumentException(
                        into.byteSize() + " bytes at " + offset + " are not in a version of " + length);
            }
            return new BlockReader.Part(key, stored, offset, into);
        }

        @Override
        public void close() {
            stored.release();
        }
    }
}
