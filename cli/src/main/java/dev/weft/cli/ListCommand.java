package dev.weft.cli;

import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Inode;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists a directory. */
@Command(name = "ls", description = "Lists a directory, or shows a file.")
final class ListCommand extends FsOperation {
    @Parameters(arity = "0..1", paramLabel = "PATH", defaultValue = "/", description = "The directory (/).")
    private String path = "/";

    @Option(
            names = {"-l", "--long"},
            description = "Shows type, permissions, links, owner, group, length and time too.")
    private boolean detailed;

    @Option(
            names = {"-r", "--recursive"},
            description = "Lists all below it.")
    private boolean recursive;

    @Override
    void run(WeftFileSystem fs, ClusterConnection connection) throws IOException {
        String start = WeftPath.of(path);
        Inode inode = fs.stat(start);
        if (inode.type() != FileType.DIRECTORY) {
            print(start, start, inode);
        } else {
            list(fs, start, "");
        }
    }

    private void list(WeftFileSystem fs, String folder, String prefix) throws IOException {
        fs.list(folder, entry -> {
            String child = WeftPath.child(folder, entry.name());
            print(child, prefix + entry.name(), entry.inode());
            if (recursive && entry.inode().type() == FileType.DIRECTORY) {
                list(fs, child, prefix + entry.name() + "/");
            }
        });
    }

    private void print(String full, String name, Inode inode) {
        String plain = inode.type() == FileType.DIRECTORY ? name + "/" : name;
        report(detailed ? line(plain, inode) : plain, Json.of(full, inode));
    }

    private static String line(String name, Inode inode) {
        return String.format(
                "%s %4d %5d %5d %12d %s %s%s",
                Modes.text(inode.type(), inode.permissions()),
                inode.links(),
                inode.owner(),
                inode.group(),
                inode.length(),
                inode.modified(),
                name,
                inode.target().map(target -> " -> " + target).orElse(""));
    }
}
