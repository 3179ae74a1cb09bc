package dev.weft.cli;

import dev.weft.api.meta.Inode;
import dev.weft.client.AttributeChanges;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes permissions. */
@Command(
        name = "chmod",
        description = "Changes the permissions of files and directories.",
        footer = {"", "Example: weft fs chmod 0750 /projects"})
final class ChangeModeCommand extends FsOperation {
    @Option(
            names = {"-R", "--recursive"},
            description = "Changes all below directories too; symbolic links are left alone.")
    private boolean recursive;

    @Parameters(index = "0", paramLabel = "MODE", description = "An octal number, such as 0640.")
    private String mode = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "PATH", description = "What to change.")
    private List<String> paths = List.of();

    @Override
    void run(WeftFileSystem fs, ClusterConnection connection) throws IOException {
        AttributeChanges changes = AttributeChanges.none().permissions(Modes.parse(mode));
        for (String path : paths) {
            Trees.each(fs, WeftPath.of(path), recursive, each -> {
                Inode inode = fs.setAttributes(each, changes);
                if (json()) {
                    report("", Json.of(each, inode));
                }
            });
        }
    }
}
