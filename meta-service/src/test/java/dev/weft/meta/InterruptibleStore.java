package dev.weft.meta;

import dev.weft.kv.KeyValueStore;
import dev.weft.kv.Transaction;

/** A store in which something else happens between the next transaction's work and its commit. */
final class InterruptibleStore implements KeyValueStore {
    private final KeyValueStore store;
    private Runnable interruption = () -> {};

    InterruptibleStore(KeyValueStore store) {
        this.store = store;
    }

    void beforeNextCommit(Runnable action) {
        interruption = action;
    }

    @Override
    public <T, X extends Exception> T run(Body<T, X> body) throws X, InterruptedException {
        return store.run(tx -> {
            T result = body.run(tx);
            Runnable once = interruption;
            interruption = () -> {};
            once.run();
            return result;
        });
    }

    @Override
    public Transaction begin() {
        return store.begin();
    }

    @Override
    public void close() {
        store.close();
    }
}
