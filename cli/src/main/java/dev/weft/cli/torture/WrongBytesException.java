package dev.weft.cli.torture;

/** A read that no order of the changes explains. */
final class WrongBytesException extends Exception {
    private static final long serialVersionUID = 1L;

    WrongBytesException(String message) {
        super(message);
    }
}
