package dev.weft.cli;

import java.io.IOException;

/** This machine lacks something. */
final class UnavailableException extends IOException {
    private static final long serialVersionUID = 1;

    private final String advice;

    /** @param advice how to get it */
    UnavailableException(String message, String advice, Throwable cause) {
        super(message, cause);
        this.advice = advice;
    }

    UnavailableException(String message, String advice) {
        super(message);
        this.advice = advice;
    }

    String advice() {
        return advice;
    }
}
