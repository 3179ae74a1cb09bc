package dev.weft.rpc.rdma;

/** What the peer sent cannot be. */
final class BadFrameException extends Exception {
    private static final long serialVersionUID = 1;

    BadFrameException(String message) {
        super(message);
    }
}
