package dev.weft.cli;

import dev.weft.client.CreateOptions;
import dev.weft.client.FileReader;
import dev.weft.client.FileWriter;
import dev.weft.client.WeftFileSystem;
import dev.weft.rpc.Environment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Copies files between this machine and the cluster, a few at a time. */
final class Transfers {
    /** Files at a time. More do not help: the chunks of one file are on their way in parallel already. */
    private static final int FILES = 4;

    private final WeftFileSystem fs;
    private final Environment environment;
    private final Progress progress;

    Transfers(WeftFileSystem fs, Environment environment, Progress progress) {
        this.fs = fs;
        this.environment = environment;
        this.progress = progress;
    }

    /** A file here and its path there. */
    record Pair(Path local, String remote) {}

    void upload(List<Pair> files) throws IOException, InterruptedException {
        Parallel.each(environment, FILES, files, pair -> {
            try (FileChannel channel = FileChannel.open(pair.local(), StandardOpenOption.READ)) {
                upload(channel, pair.remote());
            }
        });
    }

    void upload(ReadableByteChannel from, String remote) throws IOException {
        try (FileWriter writer = fs.create(remote, CreateOptions.defaults())) {
            int count = writer.write(from::read);
            while (count >= 0) {
                progress.add(count);
                count = writer.write(from::read);
            }
        }
    }

    void download(List<Pair> files) throws IOException, InterruptedException {
        Parallel.each(environment, FILES, files, pair -> {
            FileReader reader = fs.open(pair.remote());
            try (FileChannel channel = FileChannel.open(
                    pair.local(),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                reader.transferTo((_, bytes) -> {
                    ByteBuffer buffer = bytes.asByteBuffer();
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                    progress.add(bytes.byteSize());
                });
            }
        });
    }
}
