package dev.weft.api.storage;

/** A storage service refused, or failed, for the reason in {@link #detail}. */
public final class StorageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient StorageFault detail;

    public StorageException(StorageFault detail) {
        super(detail.kind() + ": " + detail.message());
        this.detail = detail;
    }

    public StorageFault detail() {
        return detail;
    }
}
