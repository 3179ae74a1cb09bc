package dev.weft.cli;

import dev.weft.client.WeftFileSystem;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints files. */
@Command(name = "cat", description = "Prints files on standard output.")
final class CatCommand extends FsOperation {
    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files.")
    private List<String> paths = List.of();

    @Override
    void run(WeftFileSystem fs, ClusterConnection connection) throws IOException {
        try (FileOutputStream output = new FileOutputStream(FileDescriptor.out);
                FileChannel channel = output.getChannel()) {
            for (String path : paths) {
                fs.open(WeftPath.of(path)).transferTo((_, bytes) -> {
                    ByteBuffer buffer = bytes.asByteBuffer();
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                });
            }
        }
    }
}
