package dev.weft.rpc.testkit;

/** An application error. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient TextRequest detail;

    public RefusedException(TextRequest detail) {
        super(detail.text());
        this.detail = detail;
    }

    public TextRequest detail() {
        return detail;
    }
}
