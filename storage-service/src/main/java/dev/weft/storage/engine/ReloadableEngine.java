package dev.weft.storage.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An engine whose disk can be closed and opened again, after it failed, while the process goes on.
 *
 * <p>A reload waits for the calls in progress and makes new ones wait. What was not committed durably may be gone
 * after it, as after a loss of power, so the targets must be filled again before they serve. If the disk cannot be opened,
 * every call fails until a later reload succeeds. Versions that were held for reading fail to be read after a reload.
 */
public final class ReloadableEngine implements ChunkEngine {
    private final Opening opening;
    private final ThreadFactory threads;

    /** Calls share it, a reload has it for itself. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    private volatile long capacityBytes;

    /** Changed by one thread at a time, while there is no reload. */
    private volatile EngineOptions options;

    /** Null while the disk cannot be opened. Guarded by the lock. */
    private @Nullable Live live;

    /** Opens the disk. */
    public interface Opening {
        Disk open() throws IOException;
    }

    /** Not a record: each opening is one of its own. */
    private static final class Live {
        final Disk disk;
        final ChunkEngine engine;

        Live(Disk disk, ChunkEngine engine) {
            this.disk = disk;
            this.engine = engine;
        }

        void close() {
            engine.close();
            disk.close();
        }
    }

    /**
     * Opens the disk for the first time. The engine owns it.
     *
     * @throws IOException if it cannot be opened
     */
    public ReloadableEngine(Opening opening, ThreadFactory threads, EngineOptions options) throws IOException {
        this.opening = opening;
        this.threads = threads;
        this.options = options;
        this.live = open();
    }

    private Live open() throws IOException {
        Disk disk = opening.open();
        try {
            Live opened = new Live(disk, new FileChunkEngine(disk, threads, options));
            capacityBytes = disk.capacityBytes();
            return opened;
        } catch (IOException e) {
            disk.close();
            throw e;
        }
    }

    /**
     * Closes the disk and opens it again.
     *
     * @throws IOException if it cannot be opened, or fails its check at once
     */
    public void reload() throws IOException {
        lock.writeLock().lock();
        try {
            Live old = live;
            live = null;
            if (old != null) {
                old.close();
            }
            Live fresh = open();
            try {
                fresh.engine.checkDisk();
            } catch (IOException e) {
                fresh.close();
                throw e;
            }
            live = fresh;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private <T extends @Nullable Object> T with(Call<T> call) throws IOException {
        Lock reading = lock.readLock();
        reading.lock();
        try {
            Live now = live;
            if (now == null) {
                throw new IOException("the disk is not open");
            }
            return call.on(now.engine);
        } finally {
            reading.unlock();
        }
    }

    /**
     * As {@link #with} where the disk itself is not asked. No answer may be made up while it is not open: that a chunk is not
     * there would be believed.
     *
     * @throws UncheckedIOException if it is not open
     */
    private <T extends @Nullable Object> T ask(Question<T> question) {
        Lock reading = lock.readLock();
        reading.lock();
        try {
            if (live == null) {
                throw new UncheckedIOException(new IOException("the disk is not open"));
            }
            return question.of(live.engine);
        } finally {
            reading.unlock();
        }
    }

    @Override
    public Optional<ChunkInfo> find(ChunkKey key) {
        return ask(engine -> engine.find(key));
    }

    @Override
    public ChunkVersion apply(ChunkKey key, long number, Change change, WriteId writer) throws IOException {
        return with(engine -> engine.apply(key, number, change, writer));
    }

    @Override
    public ChunkVersion commit(ChunkKey key, long number) throws IOException {
        return with(engine -> engine.commit(key, number));
    }

    @Override
    public @Nullable ChunkReader openCommitted(ChunkKey key) {
        return ask(engine -> held(engine, engine.openCommitted(key)));
    }

    @Override
    public @Nullable ChunkReader openPending(ChunkKey key) {
        return ask(engine -> held(engine, engine.openPending(key)));
    }

    private @Nullable ChunkReader held(ChunkEngine engine, @Nullable ChunkReader reader) {
        return reader == null ? null : new Held(engine, reader);
    }

    @Override
    public List<PartResult> read(List<PartRead> parts) {
        return ask(engine -> {
            List<PartRead> ours = new ArrayList<>(parts.size());
            for (PartRead part : parts) {
                Held held = (Held) part.reader();
                if (!held.isOf(engine)) {
                    return closed(parts.size());
                }
                ours.add(new PartRead(held.reader, part.offset(), part.into()));
            }
            return engine.read(ours);
        });
    }

    private static List<PartResult> closed(int parts) {
        return Collections.nCopies(parts, new PartResult.Failed(new IOException("the disk was closed")));
    }

    @Override
    public List<ChunkInfo> list(long target, @Nullable ChunkKey after, int limit) {
        return ask(engine -> engine.list(target, after, limit));
    }

    @Override
    public Optional<LastChunk> last(long target, long inode) {
        return ask(engine -> engine.last(target, inode));
    }

    @Override
    public Optional<Applied> applied(long target, WriteId writer) {
        return ask(engine -> engine.applied(target, writer));
    }

    @Override
    public List<Applied> allApplied(long target) {
        return ask(engine -> engine.allApplied(target));
    }

    @Override
    public void putApplied(Collection<Applied> applied) throws IOException {
        with(engine -> {
            engine.putApplied(applied);
            return true;
        });
    }

    @Override
    public void forgetApplied(long target) throws IOException {
        with(engine -> {
            engine.forgetApplied(target);
            return true;
        });
    }

    @Override
    public int appliedCount(long target) {
        return ask(engine -> engine.appliedCount(target));
    }

    @Override
    public long appliedMark() {
        return ask(ChunkEngine::appliedMark);
    }

    @Override
    public void forgetApplied(long target, long mark, Predicate<UUID> client) throws IOException {
        with(engine -> {
            engine.forgetApplied(target, mark, client);
            return true;
        });
    }

    @Override
    public long versionFloor(long target) {
        return ask(engine -> engine.versionFloor(target));
    }

    @Override
    public void raiseVersionFloor(long target, long number) throws IOException {
        with(engine -> {
            engine.raiseVersionFloor(target, number);
            return true;
        });
    }

    @Override
    public Optional<ChunkKey> scrubbed(long target) {
        return ask(engine -> engine.scrubbed(target));
    }

    @Override
    public void putScrubbed(long target, @Nullable ChunkKey place) throws IOException {
        with(engine -> {
            engine.putScrubbed(target, place);
            return true;
        });
    }

    @Override
    public long usedBytes() {
        Lock reading = lock.readLock();
        reading.lock();
        try {
            return live == null ? 0 : live.engine.usedBytes();
        } finally {
            reading.unlock();
        }
    }

    @Override
    public long capacityBytes() {
        return capacityBytes;
    }

    @Override
    public void limitSpace(double low, double refuse) {
        lock.readLock().lock();
        try {
            options = options.withSpaceLimits(low, refuse);
            if (live != null) {
                live.engine.limitSpace(low, refuse);
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public EngineSpace space() throws IOException {
        return with(ChunkEngine::space);
    }

    @Override
    public Upkeep upkeep() throws IOException {
        return with(ChunkEngine::upkeep);
    }

    @Override
    public void checkDisk() throws IOException {
        with(engine -> {
            engine.checkDisk();
            return true;
        });
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (live != null) {
                live.close();
                live = null;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private interface Call<T extends @Nullable Object> {
        T on(ChunkEngine engine) throws IOException;
    }

    private interface Question<T extends @Nullable Object> {
        T of(ChunkEngine engine);
    }

    /** Keeps the disk open while it is read. */
    private final class Held implements ChunkReader {
        private final ChunkEngine engine;
        private final ChunkReader reader;

        Held(ChunkEngine engine, ChunkReader reader) {
            this.engine = engine;
            this.reader = reader;
        }

        @Override
        public ChunkVersion version() {
            return reader.version();
        }

        @Override
        public void read(MemorySegment into) throws IOException {
            with(now -> {
                check(now);
                reader.read(into);
                return true;
            });
        }

        @Override
        public int read(int offset, MemorySegment into) throws IOException {
            return with(now -> {
                check(now);
                return reader.read(offset, into);
            });
        }

        @SuppressWarnings("ReferenceEquality") // each opening has an engine of its own
        boolean isOf(ChunkEngine other) {
            return other == engine;
        }

        private void check(ChunkEngine now) throws IOException {
            if (!isOf(now)) {
                throw new IOException("the disk was closed and opened again");
            }
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
