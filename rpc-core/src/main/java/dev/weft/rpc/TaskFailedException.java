package dev.weft.rpc;

/** A task of a {@link TaskScope} failed; its exception is the cause. */
public final class TaskFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TaskFailedException(Throwable cause) {
        super(cause);
    }
}
