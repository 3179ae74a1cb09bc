package dev.weft.cli;

/** The command line or a configuration file asks for something that cannot be. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
