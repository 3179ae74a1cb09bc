package dev.weft.cli.torture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The file system below one server's data, which a useless file fills to the last byte. */
final class SmallDisk {
    private static final int LARGE = 1 << 20;
    private static final int SMALL = 4 << 10;

    private final Path ballast;

    SmallDisk(Path folder) {
        this.ballast = folder.resolve("ballast");
    }

    /** Takes all space there is, and returns how much that was. */
    long fill() throws IOException {
        long bytes;
        try (FileChannel file = FileChannel.open(
                ballast, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            write(file, LARGE);
            write(file, SMALL);
            bytes = file.size();
        }
        return bytes;
    }

    private static void write(FileChannel file, int step) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(step);
        try {
            while (true) {
                bytes.clear();
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
            }
        } catch (IOException e) {
            // No space is left, which is what we want.
            System.getLogger(SmallDisk.class.getName()).log(System.Logger.Level.DEBUG, "filled", e);
        }
    }

    void empty() throws IOException {
        Files.deleteIfExists(ballast);
    }
}
