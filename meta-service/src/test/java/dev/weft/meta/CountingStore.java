package dev.weft.meta;

import dev.weft.kv.Bytes;
import dev.weft.kv.CommitResult;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.Transaction;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what is read. */
final class CountingStore implements KeyValueStore {
    final AtomicInteger reads = new AtomicInteger();

    private final KeyValueStore store;

    CountingStore(KeyValueStore store) {
        this.store = store;
    }

    @Override
    public <T, X extends Exception> T run(Body<T, X> body) throws X, InterruptedException {
        return store.run(tx -> body.run(new Counting(tx)));
    }

    @Override
    public Transaction begin() {
        return new Counting(store.begin());
    }

    @Override
    public void close() {
        store.close();
    }

    private final class Counting implements Transaction {
        private final Transaction transaction;
        private final Set<Bytes> prefetched = new HashSet<>();

        Counting(Transaction transaction) {
            this.transaction = transaction;
        }

        @Override
        public long readVersion() {
            return transaction.readVersion();
        }

        @Override
        public void prefetch(Collection<Bytes> keys) {
            if (prefetched.addAll(keys)) {
                reads.incrementAndGet();
            }
            transaction.prefetch(keys);
        }

        @Override
        public Optional<Bytes> get(Bytes key) {
            if (!prefetched.contains(key)) {
                reads.incrementAndGet();
            }
            return transaction.get(key);
        }

        @Override
        public Optional<Bytes> snapshotGet(Bytes key) {
            reads.incrementAndGet();
            return transaction.snapshotGet(key);
        }

        @Override
        public List<KeyValue> range(KeyRange range, int limit) {
            reads.incrementAndGet();
            return transaction.range(range, limit);
        }

        @Override
        public List<KeyValue> snapshotRange(KeyRange range, int limit) {
            reads.incrementAndGet();
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
        public CommitResult commit() throws InterruptedException {
            return transaction.commit();
        }

        @Override
        public void close() {
            transaction.close();
        }
    }
}
