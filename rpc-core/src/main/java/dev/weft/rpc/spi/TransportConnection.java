package dev.weft.rpc.spi;

import java.util.List;

/** One connection. Thread-safe. */
public interface TransportConnection {
    /** How many bytes at the beginning of a message's body the sender leaves for the transport. */
    int headroom();

    /**
     * Sends a message. Returns once it is queued; blocks while too many bytes are queued already.
     *
     * @param others whether other messages are likely to follow at once, so that waiting a moment pays
     * @param deadlineNanos until when to wait for room
     * @throws dev.weft.rpc.RpcException UNAVAILABLE if the connection is closed: nothing was sent; RESOURCE_EXHAUSTED if
     *     there was no room by the deadline; INVALID_ARGUMENT if the message is longer than the peer takes
     */
    void send(OutboundMessage message, boolean others, long deadlineNanos);

    /**
     * Moves bytes between memory of this process and registered memory of the peer; blocks until all are done.
     *
     * <p>When it returns, normally or not, no local memory of the transfers is touched any more.
     *
     * @throws dev.weft.rpc.RpcException REMOTE_MEMORY_REFUSED if the peer's memory is unknown, revoked, too short or does not allow
     *     the access; DEADLINE_EXCEEDED, CANCELLED (interrupted; the status is set again), CONNECTION_LOST
     */
    void transfer(List<Transfer> transfers, long deadlineNanos);

    /** Whether the peer can read compressed results. */
    default boolean takesCompressed() {
        return true;
    }

    /** The peer's address, for people. */
    String peer();

    boolean isOpen();

    /** Ends the connection; the handler hears of it with this reason. Does nothing if it has ended. */
    void close(String reason);
}
