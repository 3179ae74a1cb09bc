package dev.weft.rpc.thrift;

import org.apache.thrift.protocol.TProtocolException;

/** How deep a reader is in structs and containers. For one thread. */
final class Depth {
    private final int max;
    private int depth;

    Depth(int max) {
        this.max = max;
    }

    void enter() throws TProtocolException {
        if (++depth > max) {
            throw new TProtocolException(
                    TProtocolException.DEPTH_LIMIT, "structs and containers nest deeper than " + max);
        }
    }

    void leave() {
        depth--;
    }
}
