package dev.weft.rpc.rdma.software;

import org.jspecify.annotations.Nullable;

/** One completion on its way into a completion queue; the same object serves all of a queue pair, under its lock. */
final class Completion {
    /** {@code IBV_WC_WITH_IMM}: there is immediate data. */
    static final int WITH_IMMEDIATE = 1 << 1;

    @Nullable
    QueuePair queuePair;

    /** Whether it is about a send request, and not about a receive request. */
    boolean ofSend;

    /** Counts the requests of its queue from 0. */
    long sequence;

    long wrId;
    int status;
    int opcode;
    int bytes;
    int immediate;
    int flags;
}
