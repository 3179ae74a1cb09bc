package dev.weft.rpc.rdma;

/**
 * Credits of one sender: how many buffers of the ring may be on their way.
 *
 * <p>A buffer is free again when the peer has consumed it <em>and</em> the device has reported that it is sent: {@code
 * free = capacity - (sent - min(acknowledged, completed))}. The peer has posted a receive for every buffer that can be on
 * its way, so that no message ever meets a receiver that is not ready. After 3FS's IBSocket.
 *
 * <p>{@link #sent} is changed under the queue pair's post lock; the other two by the poller's thread.
 */
final class SendWindow {
    private final int capacity;
    private volatile long sent;
    private volatile long acknowledged;
    private volatile long completed;

    SendWindow(int capacity) {
        this.capacity = capacity;
    }

    /** How many buffers can be sent now. */
    int free() {
        return capacity - (int) (sent - Math.min(acknowledged, completed));
    }

    /** Takes one buffer; the caller has seen that one is free. Returns its place in the ring. */
    int take() {
        assert free() > 0;
        long number = sent;
        sent = number + 1;
        return place(number);
    }

    /** Where in the ring the buffer with this number is. */
    int place(long number) {
        return (int) (number % capacity);
    }

    boolean isCompleted() {
        return completed == sent;
    }

    /** Buffers sent so far. */
    long sent() {
        return sent;
    }

    /** Buffers that the peer is known to have consumed. */
    long acknowledged() {
        return acknowledged;
    }

    /**
     * The peer has consumed buffers.
     *
     * @param low24 the lower 24 bits of how many, since the beginning
     * @return false if the peer claims more than was sent
     */
    boolean acknowledge(int low24) {
        long before = acknowledged;
        long more = (low24 - before) & ReceiveWindow.LOW_24;
        if (more > sent - before) {
            return false;
        }
        acknowledged = before + more;
        return true;
    }

    /**
     * The device has sent buffers.
     *
     * @param low32 the lower 32 bits of how many, since the beginning
     */
    void complete(int low32) {
        long before = completed;
        long more = (low32 - (int) before) & 0xFFFF_FFFFL;
        assert more <= sent - before;
        completed = before + more;
    }
}
