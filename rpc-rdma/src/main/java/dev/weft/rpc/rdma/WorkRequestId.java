package dev.weft.rpc.rdma;

/** What a work request was, in its id, by which its completion is recognized: {@code | index 16 | kind 8 | value 40 |}. */
final class WorkRequestId {
    static final int SEND = 1;
    static final int RECEIVE = 2;
    static final int ACKNOWLEDGEMENT = 3;
    static final int TRANSFER = 4;
    static final int PROBE = 5;

    private static final int INDEX_SHIFT = 48;
    private static final int KIND_SHIFT = 40;
    private static final long VALUE_MASK = (1L << KIND_SHIFT) - 1;

    private WorkRequestId() {}

    /** @param index of the queue pair at its poller */
    static long of(int index, int kind, long value) {
        return (long) index << INDEX_SHIFT | (long) kind << KIND_SHIFT | (value & VALUE_MASK);
    }

    static int index(long id) {
        return (int) (id >>> INDEX_SHIFT);
    }

    static int kind(long id) {
        return (int) (id >>> KIND_SHIFT) & 0xFF;
    }

    /** Its lower 32 bits. */
    static int value(long id) {
        return (int) id;
    }

    static String describe(int kind) {
        return switch (kind) {
            case SEND -> "sending a message";
            case RECEIVE -> "receiving";
            case ACKNOWLEDGEMENT -> "acknowledging";
            case TRANSFER -> "a one-sided transfer";
            case PROBE -> "asking for a sign of life";
            default -> throw new AssertionError("work request of kind " + kind);
        };
    }
}
