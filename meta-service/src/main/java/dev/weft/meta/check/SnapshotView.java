package dev.weft.meta.check;

import dev.weft.kv.Bytes;
import dev.weft.kv.CommitResult;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.Transaction;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The store at one moment, to look at all of it: nothing that is read is remembered, and nothing can be written. */
record SnapshotView(Transaction transaction) implements Transaction {
    @Override
    public long readVersion() {
        return transaction.readVersion();
    }

    @Override
    public Optional<Bytes> get(Bytes key) {
        return transaction.snapshotGet(key);
    }

    @Override
    public Optional<Bytes> snapshotGet(Bytes key) {
        return transaction.snapshotGet(key);
    }

    /** Does nothing: what a check reads of a whole store is too much to be kept. */
    @Override
    public void prefetch(Collection<Bytes> keys) {}

    @Override
    public List<KeyValue> range(KeyRange range, int limit) {
        return transaction.snapshotRange(range, limit);
    }

    @Override
    public List<KeyValue> snapshotRange(KeyRange range, int limit) {
        return transaction.snapshotRange(range, limit);
    }

    /** Something done with each entry of a range. */
    @FunctionalInterface
    interface Visitor {
        void visit(KeyValue entry) throws InterruptedException;
    }

    /** Visits all entries of a range, a page of them in memory. */
    void forEach(KeyRange range, Visitor visitor) throws InterruptedException {
        KeyRange rest = range;
        while (!rest.isEmpty()) {
            List<KeyValue> page = transaction.snapshotRange(rest, PAGE);
            for (KeyValue entry : page) {
                visitor.visit(entry);
            }
            rest = page.size() < PAGE
                    ? new KeyRange(rest.end(), rest.end())
                    : rest.after(page.getLast().key());
        }
    }

    private static final int PAGE = 1000;

    @Override
    public void addReadConflict(KeyRange range) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void put(Bytes key, Bytes value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void remove(Bytes key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void clear(KeyRange range) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void add(Bytes key, long delta) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void putStamped(Bytes prefix, Bytes suffix, Bytes value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CommitResult commit() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        transaction.close();
    }
}
