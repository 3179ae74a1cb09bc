package dev.weft.rpc.recorder;

/**
 * Where things are in a batch of records, which is what one excerpt of the queue holds; {@code docs/protocol/flight-recorder.md}
 * is the norm. All numbers are little-endian.
 */
final class BatchLayout {
    /** {@code WFR} and a zero byte, as a number. */
    static final int MAGIC = 'W' | 'F' << 8 | 'R' << 16;

    static final int VERSION = 1;

    static final int HEAD_BYTES = 48;

    /** Longest batch, head and all. */
    static final int BATCH_BYTES_MAX = 1 << 18;

    // Entries of a batch.
    static final byte METHOD = 1;
    static final byte PEER = 2;
    static final byte CALL = 3;

    static final int METHOD_BYTES = 20;
    static final int PEER_BYTES = 8;
    static final int CALL_BYTES = 48;
    static final int SERVER_TIMES_BYTES = 8;
    static final int TRACE_BYTES = 16;
    static final int STREAMS_BYTES = 32;
    static final int CALL_BYTES_MAX = CALL_BYTES + SERVER_TIMES_BYTES + TRACE_BYTES + STREAMS_BYTES;

    // Flags of a call.
    static final int SERVER = 1;
    static final int HAS_SERVER_TIMES = 2;
    static final int HAS_TRACE = 4;
    static final int HAS_STREAMS = 8;
    static final int CALL_FLAGS = 15;

    /** A stage that was not reached. */
    static final int NOT_REACHED = -1;

    /** Stages are counted in nanoseconds, microseconds or milliseconds. */
    static final int UNIT_MAX = 2;

    /** Longest name, in bytes; a longer one is cut. */
    static final int NAME_BYTES_MAX = 1024;

    /** A method or peer that has no number. */
    static final int NONE = 0;

    private BatchLayout() {}
}
