package dev.weft.cli;

import dev.weft.api.meta.DirectoryEntry;
import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Inode;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import java.util.List;
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
            description = "Shows type, permissions, length and time too.")
    private boolean detailed;

    @Option(
            names = {"-r", "--recursive"},
            description = "Lists all below it.")
    private boolean recursive;

    @Override
    void run(WeftFileSystem fs, ClusterConnection connection) throws IOException {
        String start = WeftPath.of(path);
        Inode inode = fs.stat(start);
        if (inode.type() == FileType.FILE) {
            print(start, start, inode);
        } else {
            list(fs, start, "");
        }
    }

    private void list(WeftFileSystem fs, String folder, String prefix) throws IOException {
        List<DirectoryEntry> entries = fs.list(folder);
        for (DirectoryEntry entry : entries) {
            String child = WeftPath.child(folder, entry.name());
            print(child, prefix + entry.name(), entry.inode());
            if (recursive && entry.inode().type() == FileType.DIRECTORY) {
                list(fs, child, prefix + entry.name() + "/");
            }
        }
    }

    private void print(String full, String name, Inode inode) {
        boolean directory = inode.type() == FileType.DIRECTORY;
        String plain = directory ? name + "/" : name;
        String text = detailed
                ? String.format(
                        "%s%04o %12d %s %s",
                        directory ? "d" : "-", inode.permissions(), inode.length(), inode.modified(), plain)
                : plain;
        report(text, Json.of(full, inode));
    }
}
