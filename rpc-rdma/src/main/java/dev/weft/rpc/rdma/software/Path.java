package dev.weft.rpc.rdma.software;

/** How the requests of a queue pair get to its peer. */
interface Path {
    /** There may be something to do: requests, or a change of the link. On any thread, without a lock; must not block. */
    void progress();

    /** The queue pair has failed or is destroyed; its requests are flushed next. Its lock is held: must not call back. */
    void failed();
}
