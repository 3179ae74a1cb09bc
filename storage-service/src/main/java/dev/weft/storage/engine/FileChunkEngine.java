package dev.weft.storage.engine;

import dev.weft.storage.engine.ChunkState.Stored;
import dev.weft.storage.engine.DiskIndex.IndexChange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A plain engine: every version of a chunk gets space of its own, and all metadata is in memory as well as in the index.
 *
 * <p>A caller's thread writes the bytes of its change; one commit thread forces them, and writes the index, for all
 * callers at a time. A change of a part of a chunk rewrites the chunk.
 */
public final class FileChunkEngine implements ChunkEngine {
    private final Extents extents;
    private final GroupCommit commits;
    private final ScratchMemory scratch = new ScratchMemory();

    /** An entry changes only while the caller holds its lock on the chunk. */
    private final ConcurrentNavigableMap<ChunkKey, ChunkState> chunks = new ConcurrentSkipListMap<>();

    private final Map<Writer, Applied> applied = new ConcurrentHashMap<>();

    /**
     * Opens what is on the disk.
     *
     * @param threads makes the commit thread
     * @throws IOException if the disk cannot be read, or what is there contradicts itself
     */
    public FileChunkEngine(Disk disk, ThreadFactory threads) throws IOException {
        this.extents = new Extents(disk);
        try {
            disk.index().forEach(new byte[0], this::load);
        } catch (UncheckedIOException e) {
            throw new IOException("cannot open the index: " + e.getMessage(), e);
        }
        this.commits = new GroupCommit(disk.index(), extents, threads);
    }

    private void load(byte[] key, byte[] value) {
        try {
            switch (key[0]) {
                case IndexRecords.CHUNK ->
                    chunks.put(IndexRecords.readChunkKey(key), IndexRecords.readChunkValue(value, extents));
                case IndexRecords.APPLIED -> remember(IndexRecords.readApplied(key, value));
                default -> throw new IOException("index has a key of unknown kind " + key[0]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<ChunkInfo> find(ChunkKey key) {
        return Optional.ofNullable(chunks.get(key)).map(state -> state.info(key));
    }

    @Override
    public ChunkVersion apply(ChunkKey key, long number, Change change, WriteId writer) throws IOException {
        ChunkState before = chunks.get(key);
        Stored committed = before == null ? null : before.committed();
        long expected = (before == null ? 0 : before.committedNumber()) + 1;
        if (number != expected && !(change instanceof Change.Replace)) {
            throw new IllegalArgumentException("chunk " + key + ": version " + number + " does not follow "
                    + (expected - 1) + ", which is committed");
        }
        Stored pending = store(key, number, change, writer, committed);
        ChunkState after = new ChunkState(committed, pending);
        try {
            Extent extent = pending.extent();
            commits.writeDurably(List.of(put(key, after)), extent == null ? null : extents.file(extent));
        } catch (IOException e) {
            pending.release();
            throw e;
        }
        chunks.put(key, after);
        if (before != null && before.pending() != null) {
            before.pending().release();
        }
        return pending.version();
    }

    private Stored store(ChunkKey key, long number, Change change, WriteId writer, @Nullable Stored committed)
            throws IOException {
        int oldLength = committed == null ? 0 : committed.version().length();
        return switch (change) {
            case Change.Remove() -> new Stored(new ChunkVersion(number, 0, 0, writer, true), null);
            case Change.Replace(MemorySegment image, int checksum) -> store(number, image, checksum, writer);
            case Change.Truncate(int length) -> merge(key, number, writer, committed, length, 0, MemorySegment.NULL);
            case Change.Write(int offset, MemorySegment bytes, int checksum) -> {
                int end = Math.toIntExact(offset + bytes.byteSize());
                yield offset == 0 && end >= oldLength
                        ? store(number, bytes, checksum, writer)
                        : merge(key, number, writer, committed, Math.max(end, oldLength), offset, bytes);
            }
        };
    }

    /** The committed bytes cut or extended to {@code length}, with {@code bytes} put over them. */
    private Stored merge(
            ChunkKey key,
            long number,
            WriteId writer,
            @Nullable Stored committed,
            int length,
            int offset,
            MemorySegment bytes)
            throws IOException {
        if (length == 0) {
            return store(number, MemorySegment.NULL, 0, writer);
        }
        int oldLength = committed == null ? 0 : committed.version().length();
        try (ScratchMemory.Lease memory = scratch.acquire(Math.max(length, oldLength))) {
            if (committed != null && oldLength > 0) {
                read(key, committed, memory.segment().asSlice(0, oldLength));
            }
            MemorySegment.copy(bytes, 0, memory.segment(), offset, bytes.byteSize());
            MemorySegment image = memory.segment().asSlice(0, length);
            return store(number, image, Checksum.of(image), writer);
        }
    }

    private Stored store(long number, MemorySegment image, int checksum, WriteId writer) throws IOException {
        ChunkVersion version = new ChunkVersion(number, Math.toIntExact(image.byteSize()), checksum, writer, false);
        if (version.length() == 0) {
            return new Stored(version, null);
        }
        Extent extent = extents.allocate(version.length());
        try {
            extents.file(extent).write(image, extent.position());
        } catch (IOException e) {
            extent.release();
            throw e;
        }
        return new Stored(version, extent);
    }

    private void read(ChunkKey key, Stored stored, MemorySegment into) throws IOException {
        Extent extent = stored.extent();
        if (extent != null) {
            extents.file(extent).read(into, extent.position());
        }
        int found = Checksum.of(into);
        if (found != stored.version().checksum()) {
            throw new CorruptedChunkException(key, stored.version(), found);
        }
    }

    @Override
    public ChunkVersion commit(ChunkKey key, long number) throws IOException {
        ChunkState before = chunks.get(key);
        Stored pending = before == null ? null : before.pending();
        if (before == null || pending == null || pending.version().number() != number) {
            throw new IllegalArgumentException("chunk " + key + ": version " + number + " is not pending");
        }
        ChunkVersion version = pending.version();
        Applied done = new Applied(key.target(), version.writer(), number, version.length(), version.checksum());
        ChunkState after = new ChunkState(pending, null);
        IndexChange change = version.removed() ? new IndexChange(IndexRecords.chunkKey(key), null) : put(key, after);
        // A change that was stuck may be committed after a later one of the same channel.
        boolean latest = applied(key.target(), version.writer())
                .filter(known -> known.writer().sequence() > version.writer().sequence())
                .isEmpty();
        commits.write(latest ? List.of(change, put(done)) : List.of(change));
        remember(done);
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

    @Override
    public @Nullable ChunkReader openCommitted(ChunkKey key) {
        return open(key, ChunkState::committed);
    }

    @Override
    public @Nullable ChunkReader openPending(ChunkKey key) {
        ChunkReader reader = open(key, ChunkState::pending);
        return reader == null || reader.version().removed() ? null : reader;
    }

    private @Nullable ChunkReader open(ChunkKey key, Function<ChunkState, @Nullable Stored> which) {
        while (true) {
            ChunkState state = chunks.get(key);
            Stored stored = state == null ? null : which.apply(state);
            if (stored == null) {
                return null;
            }
            // Failing to retain means that another version took its place since; the map already has that one.
            if (stored.extent() == null || stored.extent().retain()) {
                return new Reader(key, stored);
            }
        }
    }

    @Override
    public List<ChunkInfo> list(long target, @Nullable ChunkKey after, int limit) {
        ChunkKey from = after != null ? after : new ChunkKey(target, 0, 0);
        List<ChunkInfo> page = new ArrayList<>();
        for (Map.Entry<ChunkKey, ChunkState> entry :
                chunks.tailMap(from, after == null).entrySet()) {
            if (entry.getKey().target() != target || page.size() == limit) {
                break;
            }
            page.add(entry.getValue().info(entry.getKey()));
        }
        return page;
    }

    @Override
    public Optional<LastChunk> last(long target, long inode) {
        LastChunk last = null;
        for (Map.Entry<ChunkKey, ChunkState> entry : chunks.subMap(
                        new ChunkKey(target, inode, 0), true, new ChunkKey(target, inode, -1), true)
                .entrySet()) {
            Stored committed = entry.getValue().committed();
            if (committed != null) {
                int count = last == null ? 0 : last.chunks();
                last = new LastChunk(entry.getKey().index(), committed.version().length(), count + 1);
            }
        }
        return Optional.ofNullable(last);
    }

    @Override
    public Optional<Applied> applied(long target, WriteId writer) {
        return Optional.ofNullable(applied.get(new Writer(target, writer.client(), writer.channel())));
    }

    @Override
    public List<Applied> allApplied(long target) {
        return applied.values().stream().filter(done -> done.target() == target).toList();
    }

    @Override
    public void putApplied(Collection<Applied> fresh) throws IOException {
        List<Applied> news = fresh.stream()
                .filter(done -> applied(done.target(), done.writer())
                        .filter(known ->
                                known.writer().sequence() >= done.writer().sequence())
                        .isEmpty())
                .toList();
        if (!news.isEmpty()) {
            commits.writeDurably(news.stream().map(FileChunkEngine::put).toList(), null);
            news.forEach(this::remember);
        }
    }

    @Override
    public void forgetApplied(long target) throws IOException {
        List<Applied> old = allApplied(target);
        if (!old.isEmpty()) {
            commits.writeDurably(
                    old.stream()
                            .map(done -> new IndexChange(IndexRecords.appliedKey(target, done.writer()), null))
                            .toList(),
                    null);
            applied.keySet().removeIf(writer -> writer.target == target);
        }
    }

    private void remember(Applied done) {
        applied.merge(
                new Writer(done.target(), done.writer().client(), done.writer().channel()),
                done,
                (known, fresh) -> fresh.writer().sequence() >= known.writer().sequence() ? fresh : known);
    }

    @Override
    public long usedBytes() {
        return extents.usedBytes();
    }

    @Override
    public void close() {
        commits.close();
    }

    private static IndexChange put(ChunkKey key, ChunkState state) {
        return new IndexChange(IndexRecords.chunkKey(key), IndexRecords.chunkValue(state));
    }

    private static IndexChange put(Applied done) {
        return new IndexChange(IndexRecords.appliedKey(done.target(), done.writer()), IndexRecords.appliedValue(done));
    }

    private record Writer(long target, UUID client, int channel) {}

    private final class Reader implements ChunkReader {
        private final ChunkKey key;
        private final Stored stored;

        Reader(ChunkKey key, Stored stored) {
            this.key = key;
            this.stored = stored;
        }

        @Override
        public ChunkVersion version() {
            return stored.version();
        }

        @Override
        public void read(MemorySegment into) throws IOException {
            if (into.byteSize() != stored.version().length()) {
                throw new IllegalArgumentException("memory of " + into.byteSize() + " bytes for "
                        + stored.version().length());
            }
            FileChunkEngine.this.read(key, stored, into);
        }

        @Override
        public void close() {
            stored.release();
        }
    }
}
