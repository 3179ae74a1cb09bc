package dev.weft.rpc.rdma.ffm;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What the C library does for us. */
final class Libc {
    private static final NativeFunction STRERROR = NativeFunction.pointer(NativeLibrary.LIBC, "strerror", 1);
    private static final NativeFunction FCNTL = NativeFunction.integer(NativeLibrary.LIBC, "fcntl", 3);
    private static final NativeFunction EVENTFD = NativeFunction.integer(NativeLibrary.LIBC, "eventfd", 2);
    private static final NativeFunction WRITE = NativeFunction.integer(NativeLibrary.LIBC, "write", 3);
    private static final NativeFunction READ = NativeFunction.integer(NativeLibrary.LIBC, "read", 3);
    private static final NativeFunction CLOSE = NativeFunction.integer(NativeLibrary.LIBC, "close", 1);

    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EINVAL = 22;

    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 04000;
    private static final int EFD_CLOEXEC = 02000000;

    private Libc() {}

    static String errorText(int errno) {
        try {
            return Memory.getString(STRERROR.pointer(errno));
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** Has reads from the file return at once. */
    static void doNotBlock(int fd) throws IOException {
        int flags = require("fcntl", FCNTL.value(fd, F_GETFL, 0));
        require("fcntl", FCNTL.value(fd, F_SETFL, flags | O_NONBLOCK));
    }

    /** A file that can be read once {@link #signal} was called on it. */
    static int eventFile() throws IOException {
        return require("eventfd", EVENTFD.value(0, EFD_CLOEXEC));
    }

    static void signal(int eventFile) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1);
            require("write", WRITE.value(eventFile, one.address(), one.byteSize()));
        }
    }

    /** Whether a file of {@link #eventFile}, which must not block, was signalled since this was asked last. */
    static boolean takeSignal(int eventFile) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
            int read = READ.value(eventFile, count.address(), count.byteSize());
            return read != -EAGAIN && require("read", read) > 0;
        }
    }

    static void close(int fd) throws IOException {
        require("close", CLOSE.value(fd));
    }

    private static int require(String function, int result) throws IOException {
        if (result < 0) {
            throw new NativeException(function, -result);
        }
        return result;
    }
}
