package dev.weft.kv;

import dev.weft.rpc.Clock;
import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that another process holds, and that several processes may share.
 *
 * <pre>{@code
 * KeyValueStore store = new RemoteKeyValueStore(
 *         client.stub(StoreServiceRpc.SERVICE, "tcp://10.0.0.1:7102"), StoreLimits.defaults(), environment);
 * }</pre>
 *
 * <p>Beginning a transaction and each of its reads is a call; writes are kept until the commit, which is one call. Every
 * call gives up after a while with an {@link RpcException}; of a commit that gets no answer it is not known whether it
 * happened. Closing the store ends nothing at the server.
 */
public final class RemoteKeyValueStore implements KeyValueStore {
    /** Several synced commits of a busy disk. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final StoreService service;
    private final StoreLimits limits;
    private final Clock clock;
    private final Retry retry;
    private volatile boolean closed;

    /** @param limits checked here; those of the store itself may be narrower */
    public RemoteKeyValueStore(StoreService service, StoreLimits limits, Environment environment) {
        this.service = service;
        this.limits = limits;
        this.clock = environment.clock();
        this.retry = new Retry(this::begin, environment, limits.attemptsMax());
    }

    /** Begins a transaction by a call to the server, and waits for its answer. */
    @Override
    public Transaction begin() {
        checkOpen();
        View view = new View(call(service::begin));
        return new OptimisticTransaction(view, commit -> commit(view, commit), limits);
    }

    @Override
    public <T, X extends Exception> T run(Body<T, X> body) throws X, InterruptedException {
        return retry.run(body);
    }

    @Override
    public void close() {
        closed = true;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
    }

    private CommitResult commit(View view, Commit commit) {
        checkOpen();
        List<StoreRange> cleared = new ArrayList<>();
        List<StoreWrite> writes = new ArrayList<>();
        commit.writes().forEach(new Collector(cleared, writes));
        StoreCommit request = new StoreCommit(
                view.held.snapshot(),
                commit.reads().stream().map(StoreRange::of).toList(),
                cleared,
                writes);
        try {
            return call(() -> service.commit(request)).toResult();
        } catch (RpcException e) {
            if (e.code() == StatusCode.UNAVAILABLE || e.code() == StatusCode.INVALID_ARGUMENT) {
                throw e;
            }
            return new CommitResult.MaybeCommitted(e);
        }
    }

    private <T> T call(Supplier<T> call) {
        return Context.current().withTimeout(PATIENCE, clock).call(call::get);
    }

    private record Collector(List<StoreRange> cleared, List<StoreWrite> writes) implements WriteSet.StampedSink {
        @Override
        public void clear(KeyRange range) {
            cleared.add(StoreRange.of(range));
        }

        @Override
        public void write(Bytes key, Mutation mutation) {
            MemorySegment name = key.segment();
            writes.add(
                    switch (mutation) {
                        case Mutation.Put(Bytes value) -> new StoreWrite.Put(name, value.segment());
                        case Mutation.Remove() -> new StoreWrite.Remove(name);
                        case Mutation.Add(long delta) -> new StoreWrite.Add(name, delta);
                    });
        }

        @Override
        public void stamped(Bytes prefix, Bytes suffix, Bytes value) {
            writes.add(new StoreWrite.Stamped(prefix.segment(), suffix.segment(), value.segment()));
        }
    }

    private final class View implements Snapshot {
        private final StoreSnapshot held;

        View(StoreSnapshot held) {
            this.held = held;
        }

        @Override
        public long version() {
            return held.version();
        }

        @Override
        public @Nullable Bytes get(Bytes key) {
            return call(() -> service.get(new StoreGet(held.snapshot(), key.segment())))
                    .value()
                    .map(Bytes::copyOf)
                    .orElse(null);
        }

        @Override
        public Cursor scan(KeyRange range) {
            return new Pages(held.snapshot(), range);
        }

        @Override
        public void release() {
            try {
                call(() -> {
                    service.release(new StoreRelease(held.snapshot()));
                    return true;
                });
            } catch (RpcException e) {
                // It goes by itself when it has not been used for a while.
            }
        }

        @Override
        public void releaseForCommit() {
            // The commit is the last use of it at the server.
        }
    }

    private final class Pages implements Snapshot.Cursor {
        private final long snapshot;
        private KeyRange rest;
        private Iterator<StorePage.Entry> page = List.<StorePage.Entry>of().iterator();

        Pages(long snapshot, KeyRange rest) {
            this.snapshot = snapshot;
            this.rest = rest;
        }

        @Override
        public @Nullable KeyValue next() {
            while (!page.hasNext() && !rest.isEmpty()) {
                StorePage next = call(() -> service.scan(new StoreScan(snapshot, StoreRange.of(rest))));
                page = next.entries().iterator();
                rest = next.last() || next.entries().isEmpty()
                        ? new KeyRange(rest.end(), rest.end())
                        : rest.after(Bytes.copyOf(next.entries().getLast().key()));
            }
            if (!page.hasNext()) {
                return null;
            }
            StorePage.Entry entry = page.next();
            return new KeyValue(Bytes.copyOf(entry.key()), Bytes.copyOf(entry.value()));
        }

        @Override
        public void close() {}
    }
}
