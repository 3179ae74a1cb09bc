package dev.weft.rpc;

/** Where a buffer's memory comes from. */
interface Lender {
    /**
     * Called once, when the buffer is closed and no transfer uses the memory any more.
     *
     * @param onOwnersThread whether the calling thread is the one that closed the buffer; otherwise it is one of a
     *     transport, and must not be kept
     */
    void takeBack(boolean onOwnersThread);
}
