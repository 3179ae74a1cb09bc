package dev.weft.rpc;

/**
 * Where the items of a stream go, one after the other: a parameter of a service method that sends many results.
 *
 * <pre>{@code
 * void list(ListRequest request, StreamWriter<Entry> entries);          // in the service
 *
 * for (Entry entry : directory) entries.write(entry);                   // in its implementation
 * files.list(request, entry -> System.out.println(entry.name()));       // in a caller
 * }</pre>
 *
 * <p>An implementation is given one that sends to the caller; it may be used until the method returns, by any thread. A
 * caller gives one that takes what comes, on the calling thread.
 */
@FunctionalInterface
public interface StreamWriter<T> {
    /**
     * Takes the next item. The one that sends waits while the other side has not taken enough of what was sent, and returns
     * when the item's content has been taken: memory segments in it may be used for the next.
     *
     * @throws RpcException if nobody wants the items any more: CANCELLED, DEADLINE_EXCEEDED or CONNECTION_LOST; INVALID_ARGUMENT
     *     if this one item is too long
     * @throws IllegalStateException if the call has ended
     */
    void write(T item);

    /** Where no items go: for methods that send none. */
    static <T> StreamWriter<T> none() {
        return item -> {
            throw new IllegalStateException("no items can be sent here");
        };
    }
}
