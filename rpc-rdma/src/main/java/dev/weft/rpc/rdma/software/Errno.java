package dev.weft.rpc.rdma.software;

import java.io.IOException;

/** Error numbers of Linux, as the verbs report them. */
enum Errno {
    EIO(5),
    ENOMEM(12),
    EBUSY(16),
    EINVAL(22),
    EADDRINUSE(98),
    EADDRNOTAVAIL(99),
    ENETUNREACH(101),
    ETIMEDOUT(110);

    private final int number;

    Errno(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    IOException because(String reason) {
        return new IOException(this + " (" + number + "): " + reason);
    }
}
