package dev.weft.meta;

import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.Transaction;
import dev.weft.meta.schema.Keys;
import dev.weft.meta.schema.RequestLog;
import dev.weft.meta.schema.Trash;
import dev.weft.rpc.Environment;
import dev.weft.rpc.Pace;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.TaskScope;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Works through the garbage queue, of which each server has its part ({@link Division}). What one server has begun and not
 * ended another one goes on with when it is gone; what two do at once is done once. Also forgets old requests, and removes
 * what has been in the trash for long enough.
 *
 * <p>What cannot be removed now, because storage does not answer or someone writes to it still, stays in the queue.
 */
final class Collector implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Collector.class.getName());

    /** Entries of the queue read together. */
    private static final int PAGE = 512;

    /** Files whose inodes go in one transaction. */
    private static final int BATCH = 32;

    /** Directories and batches of files worked on at a time. */
    private static final int AT_ONCE = 16;

    /** Before something is tried again that storage could not remove. */
    private static final Duration PUT_OFF = Duration.ofSeconds(10);

    /** Forgotten if there are more: then they are tried again earlier. */
    private static final int PUT_OFF_MAX = 100_000;

    /** After which the queue is counted again, which takes much less than that. */
    private static final Duration COUNT_AGE = Duration.ofSeconds(5);

    /** Work that is not about an inode: trash and requests. */
    private static final long UPKEEP = 0;

    private final MetaConfig config;
    private final Environment environment;
    private final KeyValueStore store;
    private final Division division;
    private final Counters counters;
    private final Pace pace;
    private final GarbageFiles files;
    private final GarbageDirectories directories;
    private final Background background;

    /** When the queue was counted last. Used by the thread that collects. */
    private long countedNanos;

    /** What storage could not remove, by when it is tried again. */
    private final Map<Long, Long> putOff = new ConcurrentHashMap<>();

    Collector(
            MetaConfig config,
            Environment environment,
            KeyValueStore store,
            ChunkStore chunks,
            Division division,
            Counters counters) {
        this.config = config;
        this.environment = environment;
        this.store = store;
        this.division = division;
        this.counters = counters;
        this.pace = new Pace(environment.clock(), config.collectRate());
        this.files = new GarbageFiles(environment, store, chunks, counters, this::putOff);
        this.directories = new GarbageDirectories(store, environment.clock(), counters);
        this.countedNanos = environment.clock().nanoTime() - COUNT_AGE.toNanos();
        this.background = new Background("collection of removed files", environment, this::round);
    }

    void start() {
        background.start();
    }

    @Override
    public void close() {
        background.close();
    }

    /** @param rate inodes in a second, zero for no limit */
    void setRate(long rate) {
        pace.setRate(rate);
    }

    private Duration round() throws InterruptedException {
        if (division.isMine(UPKEEP)) {
            Trash.expire(store, environment.clock().instant());
            RequestLog.expire(store, environment.clock().instant(), config.requestAge(), config.requestsMax());
        }
        return collectOnce() ? Duration.ZERO : config.collectInterval();
    }

    /** Goes through the queue once; whether anything could be done. */
    boolean collectOnce() throws InterruptedException {
        AtomicBoolean progress = new AtomicBoolean();
        Semaphore places = new Semaphore(AT_ONCE);
        try (TaskScope scope = TaskScope.open(environment, TaskScope.Policy.AWAIT_ALL)) {
            KeyRange rest = KeyRange.prefix(Keys.GARBAGE);
            while (!rest.isEmpty()) {
                countSometimes();
                List<KeyValue> page = page(rest);
                List<Garbage> due = due(page);
                dispatch(due, scope, places, progress);
                rest = page.size() < PAGE
                        ? new KeyRange(rest.end(), rest.end())
                        : rest.after(page.getLast().key());
            }
            scope.join();
        }
        return progress.get();
    }

    /** Going through the queue may take long; who looks at the counter wants to know how much is left meanwhile. */
    private void countSometimes() {
        long now = environment.clock().nanoTime();
        if (now - countedNanos < COUNT_AGE.toNanos()) {
            return;
        }
        long mine = 0;
        KeyRange rest = KeyRange.prefix(Keys.GARBAGE);
        while (!rest.isEmpty()) {
            List<KeyValue> page = page(rest);
            mine += page.stream()
                    .map(Garbage::of)
                    .filter(garbage -> division.isMine(garbage.inodeId()))
                    .count();
            rest = page.size() < PAGE
                    ? new KeyRange(rest.end(), rest.end())
                    : rest.after(page.getLast().key());
        }
        counters.garbage = mine;
        countedNanos = now;
    }

    private List<KeyValue> page(KeyRange range) {
        try (Transaction tx = store.begin()) {
            return tx.snapshotRange(range, PAGE);
        }
    }

    private List<Garbage> due(List<KeyValue> page) {
        long now = environment.clock().nanoTime();
        putOff.values().removeIf(until -> until - now <= 0);
        return page.stream()
                .map(Garbage::of)
                .filter(garbage -> division.isMine(garbage.inodeId()))
                .toList();
    }

    private void dispatch(List<Garbage> due, TaskScope scope, Semaphore places, AtomicBoolean progress)
            throws InterruptedException {
        List<Garbage> batch = new ArrayList<>();
        for (Garbage garbage : due) {
            if (putOff.containsKey(garbage.inodeId())) {
                continue;
            }
            pace.take(1);
            if (garbage.isDirectory()) {
                fork(scope, places, progress, () -> directories.collect(garbage));
            } else {
                batch.add(garbage);
            }
            if (batch.size() == BATCH) {
                forkFiles(batch, scope, places, progress);
                batch = new ArrayList<>();
            }
        }
        if (!batch.isEmpty()) {
            forkFiles(batch, scope, places, progress);
        }
    }

    private void forkFiles(List<Garbage> batch, TaskScope scope, Semaphore places, AtomicBoolean progress)
            throws InterruptedException {
        fork(scope, places, progress, () -> files.collect(batch));
    }

    private void fork(TaskScope scope, Semaphore places, AtomicBoolean progress, Callable<Boolean> work)
            throws InterruptedException {
        places.acquire();
        scope.fork(() -> {
            try {
                if (work.call()) {
                    progress.set(true);
                }
            } catch (RuntimeException e) {
                // The entries are still there, for the next time.
                counters.collectionsPutOff.increment();
                LOG.log(e instanceof RpcException ? Level.DEBUG : Level.WARNING, "garbage cannot be collected yet", e);
            } finally {
                places.release();
            }
            return progress;
        });
    }

    private void putOff(long inodeId) {
        if (putOff.size() < PUT_OFF_MAX) {
            putOff.put(inodeId, environment.clock().nanoTime() + PUT_OFF.toNanos());
        }
    }
}
