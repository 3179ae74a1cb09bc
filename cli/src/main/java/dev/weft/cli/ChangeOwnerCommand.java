package dev.weft.cli;

import dev.weft.api.meta.Inode;
import dev.weft.client.AttributeChanges;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes owners. */
@Command(
        name = "chown",
        description = "Changes owner and group of files and directories.",
        footer = {"", "Example: weft fs chown 1000:100 /home/ann    # :100 changes the group only"})
final class ChangeOwnerCommand extends FsOperation {
    @Option(
            names = {"-R", "--recursive"},
            description = "Changes all below directories too; symbolic links are left alone.")
    private boolean recursive;

    @Parameters(index = "0", paramLabel = "[UID][:GID]", description = "The new owner and group, by number.")
    private String owners = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "PATH", description = "What to change.")
    private List<String> paths = List.of();

    @Override
    void run(WeftFileSystem fs, ClusterConnection connection) throws IOException {
        String[] parts = owners.split(":", 2);
        OptionalInt owner = Ids.optional(parts[0]);
        OptionalInt group = parts.length == 2 ? Ids.optional(parts[1]) : OptionalInt.empty();
        AttributeChanges changes =
                new AttributeChanges(OptionalInt.empty(), owner, group, Optional.empty(), Optional.empty());
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
