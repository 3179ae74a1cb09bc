package dev.weft.rpc.rdma.ffm;

import java.io.IOException;

/** A native function failed; the message has its name, the error number and what that means. */
final class NativeException extends IOException {
    private static final long serialVersionUID = 1;

    private final int errno;

    NativeException(String function, int errno) {
        super(function + " failed: " + Libc.errorText(errno) + " (errno " + errno + ")");
        this.errno = errno;
    }

    int errno() {
        return errno;
    }
}
