package dev.weft.rpc.recorder;

/**
 * Where things are in a batch of records, which is what one excerpt of the queue holds; {@code docs/protocol/flight-recorder.md}
 * is the norm. The head's numbers are little-endian; what follows is of varints, 7 bits to a byte, low ones first.
 */
final class BatchLayout {
    /** {@code WFR} and a zero byte, as a number. */
    static final int MAGIC = 'W' | 'F' << 8 | 'R' << 16;

    static final int VERSION = 1;

    // Of the head.
    static final int AT_VERSION = 4;
    static final int AT_LENGTH = 8;
    static final int AT_CALLS = 12;
    static final int AT_SESSION = 16;
    static final int AT_CLOCK = 24;
    static final int AT_WALL = 32;
    static final int AT_DROPPED = 40;
    static final int HEAD_BYTES = 48;

    /** Longest batch, head and all. A cache of the second level holds several. */
    static final int BATCH_BYTES_MAX = 1 << 16;

    // What begins an entry, if it is no call.
    static final int METHOD = 0x81;
    static final int PEER = 0x82;

    // What begins a call: how it differs from the one before.
    static final int SERVER = 1;
    static final int OTHER_METHOD = 2;
    static final int OTHER_PEER = 4;
    static final int FAILED = 8;
    static final int OTHER_SIZES = 16;
    static final int HAS_TRACE = 32;
    static final int HAS_ITEMS = 64;

    /** A call's id has its slot in so many low bits, and counts above. */
    static final int SLOT_BITS = 17;

    static final int SLOT_MASK = (1 << SLOT_BITS) - 1;

    /** Longest name, in bytes; a longer one is cut. */
    static final int NAME_BYTES_MAX = 512;

    /** A method or peer that is not known. */
    static final int NONE = 0;

    /** Longest varint. */
    static final int VARINT_BYTES_MAX = 10;

    /** No call needs more, with the names that explain it. */
    static final int ENTRY_BYTES_MAX = 3 * (NAME_BYTES_MAX + 4) + 16 + 18 * VARINT_BYTES_MAX;

    private BatchLayout() {}
}
