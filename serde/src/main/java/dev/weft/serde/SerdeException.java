package dev.weft.serde;

/** Bytes or JSON that do not say what the type expects, or a value that cannot be written. */
public final class SerdeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long offset;
    private final String reason;

    /**
     * Says where and why.
     *
     * @param offset in bytes from the start of the message, or in characters from the start of the JSON text
     */
    public SerdeException(long offset, String reason) {
        super("at " + offset + ": " + reason);
        this.offset = offset;
        this.reason = reason;
    }

    /** As {@link #SerdeException(long, String)}, with what made the value unacceptable. */
    public SerdeException(long offset, String reason, Throwable cause) {
        super("at " + offset + ": " + reason, cause);
        this.offset = offset;
        this.reason = reason;
    }

    /** Where reading stopped: bytes from the start of the message, or characters from the start of the JSON text. */
    public long offset() {
        return offset;
    }

    public String reason() {
        return reason;
    }
}
