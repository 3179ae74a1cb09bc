package dev.weft.cluster;

/** A write was refused by the store since another manager has become the primary. Nothing was written. */
final class DeposedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DeposedException(long term, long newer) {
        super("the primary of term " + term + " has been replaced by that of term " + newer);
    }
}
