package dev.weft.rpc.rdma.verbs;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/**
 * What {@link VerbsContract} runs on.
 *
 * @param server the verbs of the side that listens
 * @param client those of the side that connects; may be the same
 * @param address of one of the server's devices
 * @param source of one of the client's devices, if it must be given
 * @param ipv6 of one of the server's devices, if it has one
 */
public record VerbsFixture(
        VerbsProvider server,
        VerbsProvider client,
        InetAddress address,
        Optional<InetAddress> source,
        Optional<InetAddress> ipv6,
        Set<Feature> features) {
    /** What not all devices can do. */
    public enum Feature {
        /** SEND with immediate data. */
        SEND_WITH_IMMEDIATE,
        /** RDMA WRITE with immediate data. */
        WRITE_WITH_IMMEDIATE,
        /** A message without a receive request fails with status 13; in iWARP the connection ends. */
        RECEIVER_NOT_READY,
        /**
         * What is wrong at the responder is known to the requester by status 10, and both ends flush. In iWARP a write
         * succeeds when it was given to TCP; the connection ends later, and all that waits is flushed by a disconnect.
         */
        REMOTE_ACCESS_STATUS,
        /** 56 bytes of private data are the most that a request for a connection can have. */
        PRIVATE_DATA_LIMIT,
        /** An address that nobody has is found to be so within seconds. */
        ADDRESS_ERRORS
    }

    public boolean can(Feature feature) {
        return features.contains(feature);
    }
}
