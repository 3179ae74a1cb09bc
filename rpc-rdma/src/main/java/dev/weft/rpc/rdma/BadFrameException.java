package dev.weft.rpc.rdma;

/** What the peer sent cannot be. */
final class BadFrameException extends Exception {
    private static final long serialVersionUID = 1;

    BadFrameException(String message) {
        super(message);
    }

    static void check(String what, long value, long min, long max) throws BadFrameException {
        if (value < min || value > max) {
            throw new BadFrameException(what + " of " + value + " is not in " + min + ".." + max);
        }
    }
}
