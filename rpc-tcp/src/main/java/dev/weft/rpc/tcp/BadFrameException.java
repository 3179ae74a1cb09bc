package dev.weft.rpc.tcp;

/** What arrived is not a frame, or not one that may arrive now. It costs the connection. */
final class BadFrameException extends Exception {
    private static final long serialVersionUID = 1L;

    BadFrameException(String message) {
        super(message);
    }
}
