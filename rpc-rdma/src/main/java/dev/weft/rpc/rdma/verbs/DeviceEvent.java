package dev.weft.rpc.rdma.verbs;

/**
 * Something that happened to a device besides completions.
 *
 * @param number of the port or queue pair that it is about; 0 if it is about the device
 */
public record DeviceEvent(Kind kind, int number) {
    /** What happened. */
    public enum Kind {
        /** The device is lost: nothing on it completes any more. */
        DEVICE_FATAL,
        PORT_ACTIVE,
        PORT_DOWN,
        /** Addresses, partition keys or the subnet manager have changed. */
        PORT_CHANGED,
        /** A queue pair failed. */
        QUEUE_PAIR_FATAL,
        /** A completion queue overran. */
        COMPLETION_QUEUE_ERROR,
        OTHER
    }
}
