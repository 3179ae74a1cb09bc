package dev.weft.storage.engine;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The disk is full, or too full for a new chunk. Nothing was changed. */
public final class NoSpaceException extends IOException {
    private static final long serialVersionUID = 1L;

    public NoSpaceException(String message) {
        super(message);
    }

    public NoSpaceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
