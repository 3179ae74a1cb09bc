package dev.weft.api.cluster;

/** The manager that was asked is not the primary; {@link #detail} names the one that is. Nothing was done. */
public final class NotPrimaryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient NotPrimary detail;

    public NotPrimaryException(NotPrimary detail) {
        super(detail.reason());
        this.detail = detail;
    }

    public NotPrimary detail() {
        return detail;
    }
}
