package dev.weft.cli;

import dev.weft.api.meta.FileType;
import dev.weft.api.meta.RenameRequest.Mode;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moves a file or directory. */
@Command(name = "mv", description = "Moves a file or directory to another name, or into a directory.")
final class MoveCommand extends FsOperation {
    @Parameters(index = "0", paramLabel = "FROM", description = "What to move.")
    private String from = "";

    @Parameters(index = "1", paramLabel = "TO", description = "Its new name, or a directory that is there.")
    private String to = "";

    @Option(
            names = {"-n", "--no-clobber"},
            description = "Refuses to replace what is there.")
    private boolean keep;

    @Option(names = "--exchange", description = "Lets the two, which must both be there, change places.")
    private boolean exchange;

    @Option(
            names = {"-T", "--no-target-directory"},
            description = "TO is the new name, even if it is a directory.")
    private boolean plain;

    @Override
    void run(WeftFileSystem fs, ClusterConnection connection) throws IOException {
        String source = WeftPath.of(from);
        String target = WeftPath.of(to);
        if (keep && exchange) {
            throw new UsageException("-n and --exchange exclude each other");
        }
        if (!plain && !exchange) {
            target = into(fs, target, source);
        }
        fs.rename(source, target, exchange ? Mode.EXCHANGE : keep ? Mode.NO_REPLACE : Mode.REPLACE);
        if (json()) {
            report("", new Json().put("from", source).put("to", target));
        }
    }

    /** The same name in the target, if that is a directory. */
    static String into(WeftFileSystem fs, String target, String source) throws IOException {
        try {
            if (fs.stat(target).type() == FileType.DIRECTORY) {
                return WeftPath.child(target, WeftPath.name(source));
            }
        } catch (NoSuchFileException e) {
            // Then it is the new name.
        }
        return target;
    }
}
