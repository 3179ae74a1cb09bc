package dev.weft.cluster;

/** The store has failed in a transaction of the primary: what it would have written may be stored, now or later, or not. */
final class UnknownOutcomeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownOutcomeException(Throwable cause) {
        super("it is not known whether a change was stored: " + cause.getMessage(), cause);
    }
}
