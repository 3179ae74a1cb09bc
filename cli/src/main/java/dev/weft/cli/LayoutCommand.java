package dev.weft.cli;

import dev.weft.api.meta.Inode;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sets the layout of new files. */
@Command(
        name = "layout",
        description = {
            "Says how new files in a directory, and in directories that will be made in it, are laid out.",
            "Files that are there stay as they are."
        },
        footer = {"", "Example: weft fs layout /checkpoints --chunk-size 4194304 --stripes 16"})
final class LayoutCommand extends FsOperation {
    @Parameters(paramLabel = "PATH", description = "A directory.")
    private String path = "";

    @Option(names = "--chunk-size", paramLabel = "BYTES", description = "A power of two; 0 for the server's default.")
    private int chunkSize;

    @Option(names = "--stripes", paramLabel = "N", description = "Over how many chains; 0 for the server's default.")
    private int stripes;

    @Override
    void run(WeftFileSystem fs, ClusterConnection connection) throws IOException {
        String plain = WeftPath.of(path);
        Inode inode = fs.setLayout(plain, chunkSize, stripes);
        if (json()) {
            report("", Json.of(plain, inode));
        }
    }
}
