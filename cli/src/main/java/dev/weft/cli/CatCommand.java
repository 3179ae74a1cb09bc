package dev.weft.cli;

import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
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
        WritableByteChannel output = Channels.newChannel(System.out);
        for (String path : paths) {
            fs.open(WeftPath.of(path)).transferTo((_, bytes) -> {
                ByteBuffer buffer = bytes.asByteBuffer();
                while (buffer.hasRemaining()) {
                    output.write(buffer);
                }
            });
        }
        System.out.flush();
        if (System.out.checkError()) {
            throw new IOException("standard output does not take the bytes");
        }
    }
}
