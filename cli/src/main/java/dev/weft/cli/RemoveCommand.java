package dev.weft.cli;

import dev.weft.api.meta.FileType;
import dev.weft.api.meta.RemoveRequest.Kind;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes files and directories. */
@Command(name = "rm", description = "Removes files, empty directories, or whole trees.")
final class RemoveCommand extends FsOperation {
    @Option(
            names = {"-r", "--recursive"},
            description = "Removes directories with all in them.")
    private boolean recursive;

    @Option(
            names = {"-f", "--force"},
            description = "What is not there is no error.")
    private boolean force;

    @Option(
            names = {"-t", "--trash"},
            description = "Moves files and trees to your directory in /.trash, where they stay for a week.")
    private boolean trash;

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "What to remove.")
    private List<String> paths = List.of();

    @Override
    void run(WeftFileSystem fs, ClusterConnection connection) throws IOException {
        for (String path : paths) {
            String plain = WeftPath.of(path);
            try {
                fs.remove(plain, trash ? Kind.TRASH : recursive ? Kind.RECURSIVE : kind(fs, plain));
            } catch (NoSuchFileException e) {
                if (!force) {
                    throw e;
                }
            }
            if (json()) {
                report("", new Json().put("removed", plain));
            }
        }
    }

    private static Kind kind(WeftFileSystem fs, String path) throws IOException {
        return fs.stat(path, false).type() == FileType.DIRECTORY ? Kind.RMDIR : Kind.UNLINK;
    }
}
