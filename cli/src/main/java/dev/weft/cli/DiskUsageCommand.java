package dev.weft.cli;

import dev.weft.api.meta.DirectoryEntry;
import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Inode;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Adds up lengths. */
@Command(name = "du", description = "Adds up the lengths of all files below a path.")
final class DiskUsageCommand extends FsOperation {
    @Parameters(arity = "0..1", paramLabel = "PATH", defaultValue = "/", description = "Where to begin (/).")
    private String path = "/";

    private long files;
    private long directories;
    private long bytes;

    @Override
    void run(WeftFileSystem fs, ClusterConnection connection) throws IOException {
        String start = WeftPath.of(path);
        add(fs, start, fs.stat(start));
        report(
                String.format(
                        "%s (%d bytes) in %d files and %d directories: %s",
                        Sizes.text(bytes), bytes, files, directories, start),
                new Json()
                        .put("path", start)
                        .put("bytes", bytes)
                        .put("files", files)
                        .put("directories", directories));
    }

    private void add(WeftFileSystem fs, String at, Inode inode) throws IOException {
        if (inode.type() != FileType.DIRECTORY) {
            files++;
            bytes += inode.type() == FileType.FILE ? inode.length() : 0;
            return;
        }
        directories++;
        for (DirectoryEntry entry : fs.list(at)) {
            add(fs, WeftPath.child(at, entry.name()), entry.inode());
        }
    }
}
