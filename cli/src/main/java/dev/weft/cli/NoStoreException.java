package dev.weft.cli;

import java.io.IOException;

/** No process of a key-value store answers. */
final class NoStoreException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String addresses;

    NoStoreException(String message, String addresses) {
        super(message);
        this.addresses = addresses;
    }

    String addresses() {
        return addresses;
    }
}
