package dev.weft.rpc.thrift;

import org.apache.thrift.protocol.TProtocolException;

/** How deep a reader is in structs and containers, and how much it may take. For one thread. */
final class Bounds {
    private final int max;
    private int depth;

    Bounds(int max) {
        this.max = max;
    }

    void enter() throws TProtocolException {
        if (++depth > max) {
            throw new TProtocolException(
                    TProtocolException.DEPTH_LIMIT, "structs and containers nest deeper than " + max);
        }
    }

    static void checkLength(int length, int max) throws TProtocolException {
        if (length > max) {
            throw new TProtocolException(TProtocolException.SIZE_LIMIT, "length of " + length + " exceeds " + max);
        }
    }

    void leave() {
        depth--;
    }
}
