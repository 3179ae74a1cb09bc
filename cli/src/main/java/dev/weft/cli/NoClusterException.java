package dev.weft.cli;

import java.io.IOException;

/** The cluster manager does not answer. */
final class NoClusterException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String address;

    NoClusterException(String message, String address, Throwable cause) {
        super(message, cause);
        this.address = address;
    }

    NoClusterException(String message, String address) {
        super(message);
        this.address = address;
    }

    String address() {
        return address;
    }
}
