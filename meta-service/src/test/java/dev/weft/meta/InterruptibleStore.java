package dev.weft.meta;

import dev.weft.kv.KeyValueStore;
import dev.weft.kv.Transaction;

/** A store in which something else happens between a transaction's work and its commit. */
final class InterruptibleStore implements KeyValueStore {
    private final KeyValueStore store;
    private Runnable interruption = () -> {};
    private volatile Runnable always = () -> {};

    InterruptibleStore(KeyValueStore store) {
        this.store = store;
    }

    void beforeNextCommit(Runnable action) {
        interruption = action;
    }

    /** Runs on every thread that is about to commit. */
    void beforeEveryCommit(Runnable action) {
        always = action;
    }

    @Override
    public <T, X extends Exception> T run(Body<T, X> body) throws X, InterruptedException {
        return store.run(tx -> {
            T result = body.run(tx);
            Runnable once = interruption;
            interruption = () -> {};
            once.run();
            always.run();
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
