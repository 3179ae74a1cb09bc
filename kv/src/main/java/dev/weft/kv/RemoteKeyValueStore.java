package dev.weft.kv;

import dev.weft.kv.engine.Commit;
import dev.weft.kv.engine.Mutation;
import dev.weft.kv.engine.OptimisticTransaction;
import dev.weft.kv.engine.Retry;
import dev.weft.kv.engine.Snapshot;
import dev.weft.kv.engine.WriteSet;
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
import java.util.Optional;
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

    /** Of one of several servers, since another one may lead meanwhile. */
    private static final Duration BRIEF_PATIENCE = Duration.ofSeconds(2);

    /** With none that leads: servers that all start at once, on a machine that is busy. The caller's deadline may be earlier. */
    private static final Duration ELECTION_PATIENCE = Duration.ofSeconds(60);

    /** Between two rounds of asking all servers which one leads. */
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final List<StoreService> services;

    /** Index of the one that answered last. */
    private volatile int current;

    private final StoreLimits limits;
    private final Clock clock;
    private final Retry retry;
    private volatile boolean closed;

    /** @param limits checked here; those of the store itself may be narrower */
    public RemoteKeyValueStore(StoreService service, StoreLimits limits, Environment environment) {
        this(List.of(service), limits, environment);
    }

    /**
     * A store that several servers replicate. One of them leads and does all the work; the others say so, and the one that
     * leads is looked for, for a while, when a transaction begins.
     *
     * @param services one for each server
     * @param limits checked here; those of the store itself may be narrower
     */
    public RemoteKeyValueStore(List<? extends StoreService> services, StoreLimits limits, Environment environment) {
        if (services.isEmpty()) {
            throw new IllegalArgumentException("no server of the store");
        }
        this.services = List.copyOf(services);
        this.limits = limits;
        this.clock = environment.clock();
        this.retry = new Retry(this::begin, environment, limits.attemptsMax());
    }

    /** Begins a transaction by a call to the server, and waits for its answer. */
    @Override
    public Transaction begin() {
        checkOpen();
        View view = beginAtLeader();
        return new OptimisticTransaction(view, commit -> commit(view, commit), limits);
    }

    private View beginAtLeader() {
        long deadline = Context.current().earlierDeadline(clock.nanoTime() + ELECTION_PATIENCE.toNanos());
        for (int tried = 1; ; tried++) {
            int index = current;
            StoreService service = services.get(index);
            try {
                return new View(service, call(isReplicated() ? BRIEF_PATIENCE : PATIENCE, service::begin));
            } catch (RpcException e) {
                if (!isReplicated() || !anotherMayLead(e.code()) || deadline - clock.nanoTime() < 0) {
                    throw e;
                }
            }
            current = (index + 1) % services.size();
            if (tried % services.size() == 0) {
                pause();
            }
        }
    }

    private void pause() {
        try {
            clock.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException(StatusCode.CANCELLED, "interrupted while no server of the store leads", e);
        }
    }

    private boolean isReplicated() {
        return services.size() > 1;
    }

    private static boolean anotherMayLead(StatusCode code) {
        return switch (code) {
            case UNAVAILABLE, CONNECTION_LOST, DEADLINE_EXCEEDED, FAILED_PRECONDITION -> true;
            default -> false;
        };
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
            return call(PATIENCE, () -> view.service.commit(request)).toResult();
        } catch (RpcException e) {
            if (e.code() == StatusCode.UNAVAILABLE && isReplicated()) {
                // Not sent at all, and its snapshot is gone with its server.
                return new CommitResult.Conflicted(CommitResult.Reason.TOO_OLD);
            }
            if (e.code() == StatusCode.UNAVAILABLE || e.code() == StatusCode.INVALID_ARGUMENT) {
                throw e;
            }
            return new CommitResult.MaybeCommitted(e);
        }
    }

    private <T> T call(Duration patience, Supplier<T> call) {
        return Context.current().withTimeout(patience, clock).call(call::get);
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
        private final StoreService service;
        private final StoreSnapshot held;
        private volatile boolean lost;

        View(StoreService service, StoreSnapshot held) {
            this.service = service;
            this.held = held;
        }

        private <T> T read(Supplier<T> call) {
            try {
                return call(PATIENCE, call);
            } catch (RpcException e) {
                lost = isReplicated() && (e.code() == StatusCode.ABORTED || anotherMayLead(e.code()));
                throw e;
            }
        }

        @Override
        public boolean isLost() {
            return lost;
        }

        @Override
        public long version() {
            return held.version();
        }

        @Override
        public @Nullable Bytes get(Bytes key) {
            return read(() -> service.get(new StoreGet(held.snapshot(), key.segment())))
                    .value()
                    .map(Bytes::copyOf)
                    .orElse(null);
        }

        @Override
        public List<Optional<Bytes>> getAll(List<Bytes> keys) {
            List<Optional<Bytes>> all = new ArrayList<>(keys.size());
            while (all.size() < keys.size()) {
                int end = Math.min(keys.size(), all.size() + StoreGetAll.KEYS_MAX);
                List<MemorySegment> wanted = keys.subList(all.size(), end).stream()
                        .map(Bytes::segment)
                        .toList();
                StoreValues answer = read(() -> service.getAll(new StoreGetAll(held.snapshot(), wanted)));
                int count = answer.values().size();
                if (count < 1 || count > wanted.size()) {
                    throw new RpcException(
                            StatusCode.INTERNAL, "the store sent " + count + " values for " + wanted.size() + " keys");
                }
                answer.values().forEach(value -> all.add(value.value().map(Bytes::copyOf)));
            }
            return all;
        }

        @Override
        public Cursor scan(KeyRange range) {
            return new Pages(this, range);
        }

        @Override
        public void release() {
            try {
                call(BRIEF_PATIENCE, () -> {
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

    private static final class Pages implements Snapshot.Cursor {
        private final View view;
        private KeyRange rest;
        private Iterator<StorePage.Entry> page = List.<StorePage.Entry>of().iterator();

        Pages(View view, KeyRange rest) {
            this.view = view;
            this.rest = rest;
        }

        @Override
        public @Nullable KeyValue next() {
            while (!page.hasNext() && !rest.isEmpty()) {
                StoreScan request = new StoreScan(view.held.snapshot(), StoreRange.of(rest));
                StorePage next = view.read(() -> view.service.scan(request));
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
