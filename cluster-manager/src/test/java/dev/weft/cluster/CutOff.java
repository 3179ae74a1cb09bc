package dev.weft.cluster;

import dev.weft.kv.KeyValueStore;
import dev.weft.kv.Transaction;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;

/** The way to a store that others use too, which can be cut. */
final class CutOff implements KeyValueStore {
    private final KeyValueStore store;
    volatile boolean cut;

    /** The next transaction is committed, and then the answer is lost. */
    volatile boolean cutAfterNext;

    CutOff(KeyValueStore store) {
        this.store = store;
    }

    @Override
    public Transaction begin() {
        check();
        return store.begin();
    }

    @Override
    public <T, X extends Exception> T run(Body<T, X> body) throws X, InterruptedException {
        check();
        T result = store.run(body);
        if (cutAfterNext) {
            cutAfterNext = false;
            throw new RpcException(StatusCode.DEADLINE_EXCEEDED, "the answer is lost");
        }
        return result;
    }

    private void check() {
        if (cut) {
            throw new RpcException(StatusCode.UNAVAILABLE, "cut off");
        }
    }

    @Override
    public void close() {}
}
