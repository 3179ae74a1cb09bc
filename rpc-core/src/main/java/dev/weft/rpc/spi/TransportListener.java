package dev.weft.rpc.spi;

import dev.weft.rpc.Address;

/** An address that is listened on. */
public interface TransportListener extends AutoCloseable {
    /** Where it listens, with the real port. */
    Address address();

    /** Accepts no more connections; those that were accepted go on. */
    @Override
    void close();
}
