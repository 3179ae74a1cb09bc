package dev.weft.cli;

import dev.weft.api.meta.FileType;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Moves a file or directory. */
@Command(name = "mv", description = "Moves a file or directory to another name, or into a directory.")
final class MoveCommand extends FsOperation {
    @Parameters(index = "0", paramLabel = "FROM", description = "What to move.")
    private String from = "";

    @Parameters(index = "1", paramLabel = "TO", description = "Its new name, or a directory that is there.")
    private String to = "";

    @Override
    void run(WeftFileSystem fs, ClusterConnection connection) throws IOException {
        String source = WeftPath.of(from);
        String target = WeftPath.of(to);
        try {
            if (fs.stat(target).type() == FileType.DIRECTORY) {
                target = WeftPath.child(target, WeftPath.name(source));
            }
        } catch (NoSuchFileException e) {
            // Then it is the new name.
        }
        fs.rename(source, target);
        if (json()) {
            report("", new Json().put("from", source).put("to", target));
        }
    }
}
