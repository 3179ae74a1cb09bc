package dev.weft.storage.io;

import java.io.IOException;
import java.nio.file.Path;

/** Space of one file, set aside and given back without writing it. Calls block: not for virtual threads. */
public final class FileSpace implements AutoCloseable {
    private final int fd;

    private FileSpace(int fd) {
        this.fd = fd;
    }

    /** The file is there already. */
    public static FileSpace open(Path file) throws IOException {
        return new FileSpace(Libc.open(file, Libc.O_RDWR));
    }

    /** Sets space aside for a range, and lengthens the file if it ends before it. */
    public void allocate(long position, long length) throws ErrnoException {
        Libc.fallocate(fd, 0, position, length);
    }

    /** Gives the space of a range back; it reads as zeros then. */
    public void punch(long position, long length) throws ErrnoException {
        Libc.fallocate(fd, Libc.FALLOC_FL_PUNCH_HOLE | Libc.FALLOC_FL_KEEP_SIZE, position, length);
    }

    @Override
    public void close() throws IOException {
        Libc.close(fd);
    }
}
