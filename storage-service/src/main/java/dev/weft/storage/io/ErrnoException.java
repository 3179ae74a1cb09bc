package dev.weft.storage.io;

import java.io.IOException;

/** A system call failed. */
public final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int ENOSPC = 28;
    private static final int EDQUOT = 122;
    private static final int EOPNOTSUPP = 95;

    private final int errno;

    ErrnoException(String what, int errno) {
        super(what + " failed with errno " + errno);
        this.errno = errno;
    }

    int errno() {
        return errno;
    }

    /** The disk, or what a user may have of it, is full. */
    public boolean noSpace() {
        return errno == ENOSPC || errno == EDQUOT;
    }

    /** The file system cannot do this. */
    public boolean notSupported() {
        return errno == EOPNOTSUPP;
    }
}
