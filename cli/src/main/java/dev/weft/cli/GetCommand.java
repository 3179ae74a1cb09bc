package dev.weft.cli;

import dev.weft.api.meta.DirectoryEntry;
import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Inode;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies files out of the cluster. */
@Command(
        name = "get",
        description = "Copies files of the cluster to this machine.",
        footer = {"", "Example: weft fs get -r /archive/photos ."})
final class GetCommand extends FsOperation {
    @Option(
            names = {"-r", "--recursive"},
            description = "Copies directories with all in them.")
    private boolean recursive;

    @Parameters(
            arity = "2..*",
            paramLabel = "REMOTE... LOCAL",
            description = "Files in the cluster, and a name or directory here.")
    private List<String> paths = List.of();

    private final List<Transfers.Pair> files = new ArrayList<>();
    private long total;

    @Override
    void run(WeftFileSystem fs, ClusterConnection connection) throws IOException, InterruptedException {
        List<String> sources = paths.subList(0, paths.size() - 1);
        Path target = Path.of(paths.getLast());
        boolean into = Files.isDirectory(target);
        if (sources.size() > 1 && !into) {
            throw new UsageException(target + " is not a directory, so it cannot take " + sources.size() + " files");
        }
        for (String source : sources) {
            String remote = WeftPath.of(source);
            collect(fs, remote, fs.stat(remote), into ? target.resolve(WeftPath.name(remote)) : target);
        }
        try (Progress progress =
                Progress.of("get", total, connection.environment().clock())) {
            new Transfers(fs, connection.environment(), progress).download(files);
            report(
                    String.format(
                            "%d files, %s, %s",
                            files.size(), Sizes.text(progress.bytes()), Sizes.rate(progress.bytes(), progress.nanos())),
                    new Json()
                            .put("target", target.toString())
                            .put("files", files.size())
                            .put("bytes", progress.bytes())
                            .put("nanos", progress.nanos()));
        }
    }

    private void collect(WeftFileSystem fs, String remote, Inode inode, Path local) throws IOException {
        if (inode.type() == FileType.FILE) {
            files.add(new Transfers.Pair(local, remote));
            total += inode.length();
            return;
        }
        if (inode.target().isPresent()) {
            Files.createSymbolicLink(local, Path.of(inode.target().get()));
            return;
        }
        if (!recursive) {
            throw new UsageException(remote + " is a directory; -r copies it with all in it");
        }
        Files.createDirectories(local);
        for (DirectoryEntry entry : fs.list(remote)) {
            Path child = local.resolve(entry.name()).normalize();
            if (!child.startsWith(local.normalize()) || child.equals(local.normalize())) {
                throw new IOException("the name '" + entry.name() + "' in " + remote + " would leave " + local);
            }
            collect(fs, WeftPath.child(remote, entry.name()), entry.inode(), child);
        }
    }
}
