package dev.weft.kv.testkit;

import dev.weft.kv.Bytes;
import dev.weft.kv.CommitResult;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.Transaction;
import dev.weft.kv.engine.Retry;
import dev.weft.rpc.Environment;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** A store of which every third commit or so gets no answer; half of those are done all the same. Thread-safe. */
final class UncertainStore implements KeyValueStore {
    private final KeyValueStore store;
    private final Random random;
    private final Retry retry;
    private final AtomicInteger unanswered = new AtomicInteger();

    UncertainStore(KeyValueStore store, StoreLimits limits, Environment environment, Random random) {
        this.store = store;
        this.random = random;
        // Many more tries than the store itself has: so many fail.
        this.retry = new Retry(this::begin, environment, 20 * limits.attemptsMax());
    }

    int unanswered() {
        return unanswered.get();
    }

    @Override
    public Transaction begin() {
        return new Uncertain(store.begin());
    }

    @Override
    public <T, X extends Exception> T run(Body<T, X> body) throws X, InterruptedException {
        return retry.run(body);
    }

    @Override
    public void close() {
        store.close();
    }

    private final class Uncertain implements Transaction {
        private final Transaction transaction;

        Uncertain(Transaction transaction) {
            this.transaction = transaction;
        }

        @Override
        public CommitResult commit() throws InterruptedException {
            int chance = random.nextInt(6);
            if (chance > 1) {
                return transaction.commit();
            }
            if (chance == 0) {
                transaction.commit();
            }
            unanswered.incrementAndGet();
            return new CommitResult.MaybeCommitted(new IllegalStateException("no answer"));
        }

        @Override
        public long readVersion() {
            return transaction.readVersion();
        }

        @Override
        public Optional<Bytes> get(Bytes key) {
            return transaction.get(key);
        }

        @Override
        public Optional<Bytes> snapshotGet(Bytes key) {
            return transaction.snapshotGet(key);
        }

        @Override
        public void prefetch(Collection<Bytes> keys) {
            transaction.prefetch(keys);
        }

        @Override
        public List<KeyValue> range(KeyRange range, int limit) {
            return transaction.range(range, limit);
        }

        @Override
        public List<KeyValue> snapshotRange(KeyRange range, int limit) {
            return transaction.snapshotRange(range, limit);
        }

        @Override
        public void addReadConflict(KeyRange range) {
            transaction.addReadConflict(range);
        }

        @Override
        public void put(Bytes key, Bytes value) {
            transaction.put(key, value);
        }

        @Override
        public void remove(Bytes key) {
            transaction.remove(key);
        }

        @Override
        public void clear(KeyRange range) {
            transaction.clear(range);
        }

        @Override
        public void add(Bytes key, long delta) {
            transaction.add(key, delta);
        }

        @Override
        public void putStamped(Bytes prefix, Bytes suffix, Bytes value) {
            transaction.putStamped(prefix, suffix, value);
        }

        @Override
        public void close() {
            transaction.close();
        }
    }
}
