package dev.weft.api.meta;

/** A metadata operation was refused for the reason in {@link #detail}. */
public final class MetaException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient MetaFault detail;

    public MetaException(MetaFault detail) {
        super(detail.kind() + ": " + detail.message());
        this.detail = detail;
    }

    public MetaFault detail() {
        return detail;
    }
}
