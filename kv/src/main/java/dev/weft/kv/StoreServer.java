package dev.weft.kv;

import dev.weft.rpc.Clock;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Offers a store to other processes.
 *
 * <pre>{@code
 * rpcServer.bind(StoreServiceRpc.SERVICE, new StoreServer(store, environment));
 * }</pre>
 *
 * <p>Thread-safe. The number of snapshots held is limited, and one whose caller is silent goes after a while. The store
 * stays the caller's to close.
 */
public final class StoreServer implements StoreService {
    /** Beyond the age at which a commit would conflict anyway, by the default limits of a store. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(20);

    private static final int SNAPSHOTS_MAX = 10_000;
    private static final int PAGE_ENTRIES = 200;
    private static final int PAGE_BYTES = 1 << 20;

    /** A transaction used for its snapshot, and for its commit in the end. */
    private static final class Held {
        final ReentrantLock lock = new ReentrantLock();
        final Transaction transaction;
        volatile long usedNanos;

        Held(Transaction transaction, long usedNanos) {
            this.transaction = transaction;
            this.usedNanos = usedNanos;
        }
    }

    private final KeyValueStore store;
    private final Clock clock;
    private final Map<Long, Held> snapshots = new ConcurrentHashMap<>();

    /** From a number by chance, so that one of an earlier process names nothing here. */
    private final AtomicLong lastSnapshot;

    public StoreServer(KeyValueStore store, Environment environment) {
        this.store = store;
        this.clock = environment.clock();
        this.lastSnapshot = new AtomicLong(environment.random().nextLong());
    }

    @Override
    public StoreSnapshot begin() {
        dropSilent();
        if (snapshots.size() >= SNAPSHOTS_MAX) {
            throw new RpcException(StatusCode.RESOURCE_EXHAUSTED, SNAPSHOTS_MAX + " snapshots are held");
        }
        Transaction transaction = begun();
        long snapshot = lastSnapshot.incrementAndGet();
        snapshots.put(snapshot, new Held(transaction, clock.nanoTime()));
        return new StoreSnapshot(snapshot, transaction.readVersion());
    }

    private Transaction begun() {
        try {
            return store.begin();
        } catch (IllegalStateException e) {
            throw refused(e);
        }
    }

    @Override
    public StoreValue get(StoreGet request) {
        Held held = held(request.snapshot());
        held.lock.lock();
        try {
            return new StoreValue(
                    held.transaction.snapshotGet(Bytes.copyOf(request.key())).map(Bytes::segment));
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw refused(e);
        } finally {
            held.lock.unlock();
        }
    }

    @Override
    public StoreValues getAll(StoreGetAll request) {
        int count = request.keys().size();
        if (count < 1 || count > StoreGetAll.KEYS_MAX) {
            throw new RpcException(
                    StatusCode.INVALID_ARGUMENT, count + " keys at once, must be 1 to " + StoreGetAll.KEYS_MAX);
        }
        Held held = held(request.snapshot());
        held.lock.lock();
        try {
            List<Bytes> keys = request.keys().stream().map(Bytes::copyOf).toList();
            held.transaction.prefetch(keys);
            List<StoreValue> values = new ArrayList<>(count);
            long bytes = 0;
            for (Bytes key : keys) {
                Optional<Bytes> value = held.transaction.snapshotGet(key);
                bytes += value.map(Bytes::length).orElse(0);
                if (bytes > PAGE_BYTES && !values.isEmpty()) {
                    break;
                }
                values.add(new StoreValue(value.map(Bytes::segment)));
            }
            return new StoreValues(values);
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw refused(e);
        } finally {
            held.lock.unlock();
        }
    }

    @Override
    public StorePage scan(StoreScan request) {
        Held held = held(request.snapshot());
        held.lock.lock();
        try {
            List<KeyValue> found =
                    held.transaction.snapshotRange(request.range().toRange(), PAGE_ENTRIES);
            List<StorePage.Entry> entries = new ArrayList<>();
            long bytes = 0;
            for (KeyValue entry : found) {
                bytes += entry.key().length() + entry.value().length();
                if (bytes > PAGE_BYTES && !entries.isEmpty()) {
                    break;
                }
                entries.add(
                        new StorePage.Entry(entry.key().segment(), entry.value().segment()));
            }
            return new StorePage(entries, found.size() < PAGE_ENTRIES && entries.size() == found.size());
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw refused(e);
        } finally {
            held.lock.unlock();
        }
    }

    @Override
    public StoreOutcome commit(StoreCommit request) {
        Held held = snapshots.remove(request.snapshot());
        if (held == null) {
            return new StoreOutcome.TooOld();
        }
        held.lock.lock();
        try (Transaction transaction = held.transaction) {
            request.reads().forEach(range -> transaction.addReadConflict(range.toRange()));
            request.cleared().forEach(range -> transaction.clear(range.toRange()));
            request.writes().forEach(write -> apply(write, transaction));
            return StoreOutcome.of(transaction.commit());
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw refused(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new StoreOutcome.MaybeCommitted("interrupted");
        } finally {
            held.lock.unlock();
        }
    }

    private static void apply(StoreWrite write, Transaction transaction) {
        switch (write) {
            case StoreWrite.Put(MemorySegment key, MemorySegment value) ->
                transaction.put(Bytes.copyOf(key), Bytes.copyOf(value));
            case StoreWrite.Remove(MemorySegment key) -> transaction.remove(Bytes.copyOf(key));
            case StoreWrite.Add(MemorySegment key, long delta) -> transaction.add(Bytes.copyOf(key), delta);
            case StoreWrite.Stamped(MemorySegment prefix, MemorySegment suffix, MemorySegment value) ->
                transaction.putStamped(Bytes.copyOf(prefix), Bytes.copyOf(suffix), Bytes.copyOf(value));
        }
    }

    @Override
    public void release(StoreRelease request) {
        close(snapshots.remove(request.snapshot()));
    }

    /** Closes what nobody has used for long. */
    private void dropSilent() {
        long now = clock.nanoTime();
        snapshots.forEach((snapshot, held) -> {
            if (now - held.usedNanos > SILENCE_MAX.toNanos() && snapshots.remove(snapshot, held)) {
                close(held);
            }
        });
    }

    private static void close(@Nullable Held held) {
        if (held != null) {
            held.lock.lock();
            try {
                held.transaction.close();
            } finally {
                held.lock.unlock();
            }
        }
    }

    private Held held(long snapshot) {
        Held held = snapshots.get(snapshot);
        if (held == null) {
            throw new RpcException(StatusCode.ABORTED, "the store holds no snapshot " + snapshot + " any more");
        }
        held.usedNanos = clock.nanoTime();
        return held;
    }

    private static RpcException refused(RuntimeException e) {
        StatusCode code = e instanceof IllegalArgumentException ? StatusCode.INVALID_ARGUMENT : StatusCode.UNAVAILABLE;
        return new RpcException(code, String.valueOf(e.getMessage()), e);
    }
}
