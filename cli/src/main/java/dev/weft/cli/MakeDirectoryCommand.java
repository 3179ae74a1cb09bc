package dev.weft.cli;

import dev.weft.api.meta.Inode;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes directories. */
@Command(name = "mkdir", description = "Makes directories.")
final class MakeDirectoryCommand extends FsOperation {
    @Option(
            names = {"-p", "--parents"},
            description = "Makes those above it too; fine if it is there.")
    private boolean parents;

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Directories to make.")
    private List<String> paths = List.of();

    @Override
    void run(WeftFileSystem fs, ClusterConnection connection) throws IOException {
        for (String path : paths) {
            String plain = WeftPath.of(path);
            Inode inode = fs.mkdir(plain, parents);
            if (json()) {
                report("", Json.of(plain, inode));
            }
        }
    }
}
