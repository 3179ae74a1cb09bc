package dev.weft.cli;

import dev.weft.api.meta.Inode;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes links. */
@Command(name = "ln", description = "Gives a file another name, or makes a symbolic link.")
final class LinkCommand extends FsOperation {
    @Option(
            names = {"-s", "--symbolic"},
            description = "Makes a symbolic link; TARGET is stored as it is written, and need not be there.")
    private boolean symbolic;

    @Parameters(index = "0", paramLabel = "TARGET", description = "What the link leads to.")
    private String target = "";

    @Parameters(index = "1", paramLabel = "LINK", description = "The new name, or a directory that is there.")
    private String link = "";

    @Override
    void run(WeftFileSystem fs, ClusterConnection connection) throws IOException {
        String name = MoveCommand.into(fs, WeftPath.of(link), WeftPath.last(target));
        Inode inode = symbolic ? fs.symlink(name, target) : fs.link(WeftPath.of(target), name);
        if (json()) {
            report("", Json.of(name, inode));
        }
    }
}
