package dev.weft.rpc;

import java.util.Iterator;
import java.util.List;

/**
 * Where the items of a stream come from: a parameter of a service method that is sent many, and what a caller may read
 * results with.
 *
 * <pre>{@code
 * Summary upload(StreamReader<Piece> pieces);                           // in the service
 *
 * for (Piece piece : pieces) store(piece);                              // in its implementation
 * Summary summary = files.upload(StreamReader.of(pieces));              // in a caller
 *
 * try (var entries = StreamReader.ofCall(out -> files.list(request, out))) {
 *     for (Entry entry : entries) ...                                   // results, one at a time
 * }
 * }</pre>
 *
 * <p>Both methods throw {@link RpcException} if the stream did not end well, after the items before. Used by one thread at a
 * time.
 */
public interface StreamReader<T> extends Iterable<T>, AutoCloseable {
    /** Whether there is another item; waits until that is known. */
    boolean hasNext();

    /**
     * The next item; waits for it.
     *
     * @throws java.util.NoSuchElementException if there is none
     */
    T next();

    /** What has not been read yet, and will have been then. */
    @Override
    default Iterator<T> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return StreamReader.this.hasNext();
            }

            @Override
            public T next() {
                return StreamReader.this.next();
            }
        };
    }

    /** Nothing more is wanted. Does nothing if the stream has ended. */
    @Override
    default void close() {}

    /** Items that there are. The iterable is asked for them while they are sent, by another thread than the caller's. */
    static <T> StreamReader<T> of(Iterable<T> items) {
        Iterator<T> iterator = items.iterator();
        return new StreamReader<>() {
            @Override
            public boolean hasNext() {
                return iterator.hasNext();
            }

            @Override
            public T next() {
                return iterator.next();
            }
        };
    }

    /** No items: for methods that are sent none. */
    static <T> StreamReader<T> empty() {
        return of(List.of());
    }

    /** What a call writes, read by the calling thread while a thread of its own makes the call; see {@link #ofCall(Environment, Call)}. */
    static <T> StreamReader<T> ofCall(Call<T> call) {
        return ofCall(Environment.system(), call);
    }

    /**
     * What {@code call} writes to the writer it is given, to be read here. It runs in the current {@link Context} on a thread of
     * its own, which waits while a few items have not been read. Closing the reader interrupts it, which cancels a call to a
     * peer, and waits for its end.
     *
     * <p>What the call throws is thrown to the reader after the items before: an {@code RpcException} again, anything else as
     * the cause of one.
     */
    static <T> StreamReader<T> ofCall(Environment environment, Call<T> call) {
        return CallReader.start(environment, call);
    }

    /** Something that writes items, such as a call of a service. */
    @FunctionalInterface
    interface Call<T> {
        void writeTo(StreamWriter<T> out) throws Exception;
    }
}
