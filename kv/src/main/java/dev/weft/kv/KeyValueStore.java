package dev.weft.kv;

import dev.weft.rpc.RpcException;

/**
 * An ordered map from byte strings to byte strings, with transactions under serializable snapshot isolation: committed
 * transactions have the effect of running one after the other in the order of their versions.
 *
 * <pre>{@code
 * long id = store.run(tx -> {
 *     long next = tx.get(NEXT).map(value -> value.longAt(0)).orElse(1L);
 *     tx.put(NEXT, Bytes.ofLong(next + 1));
 *     return next;
 * });
 * }</pre>
 *
 * <p>Thread-safe; meant for virtual threads. A store belongs to one process at a time.
 */
public interface KeyValueStore extends AutoCloseable {
    /**
     * Begins a transaction that reads the newest committed version. Does not block, but in engines that ask others which version
     * that is.
     *
     * @throws RpcException of such an engine, if it gets no answer; FAILED_PRECONDITION if another process has to be asked
     */
    Transaction begin();

    /**
     * Runs {@code body} in a transaction and commits it; runs it again, a bounded number of times with growing pauses,
     * when the transaction conflicts, is refused, or may or may not have committed. So {@code body} has no effects but on
     * its transaction, and finding its own earlier commit must be harmless to it.
     *
     * @throws X what {@code body} threw; nothing of it was committed then
     * @throws RpcException ABORTED after too many conflicts, RESOURCE_EXHAUSTED after too many refusals, INTERNAL if it
     *     stays unknown whether the last try committed
     */
    <T, X extends Exception> T run(Body<T, X> body) throws X, InterruptedException;

    /** Stops commits and releases the files once the last open transaction is closed. */
    @Override
    void close();

    /** One unit of work. */
    @FunctionalInterface
    interface Body<T, X extends Exception> {
        T run(Transaction transaction) throws X;
    }
}
