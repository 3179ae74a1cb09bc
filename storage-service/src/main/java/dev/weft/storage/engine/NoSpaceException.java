package dev.weft.storage.engine;

import java.io.IOException;

/** The disk is full. Nothing was changed. */
public final class NoSpaceException extends IOException {
    private static final long serialVersionUID = 1L;

    public NoSpaceException(String message) {
        super(message);
    }

    NoSpaceException(String message, Throwable cause) {
        super(message, cause);
    }
}
