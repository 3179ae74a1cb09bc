package dev.weft.cli;

import dev.weft.api.meta.FileType;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies files into the cluster. */
@Command(
        name = "put",
        description = "Copies files of this machine into the cluster; '-' is standard input.",
        footer = {"", "Example: weft fs put -r photos /archive"})
final class PutCommand extends FsOperation {
    @Option(
            names = {"-r", "--recursive"},
            description = "Copies directories with all in them.")
    private boolean recursive;

    @Parameters(
            arity = "2..*",
            paramLabel = "LOCAL... REMOTE",
            description = "Files here, and a name or directory in the cluster.")
    private List<String> paths = List.of();

    private final List<Transfers.Pair> files = new ArrayList<>();
    private long total;

    @Override
    void run(WeftFileSystem fs, ClusterConnection connection) throws IOException, InterruptedException {
        List<String> sources = paths.subList(0, paths.size() - 1);
        String target = WeftPath.of(paths.getLast());
        boolean into = isDirectory(fs, target);
        if (sources.size() > 1 && !into) {
            throw new UsageException(target + " is not a directory, so it cannot take " + sources.size() + " files; "
                    + "make it with 'weft fs mkdir -p'");
        }
        if (sources.equals(List.of("-"))) {
            try (Progress progress =
                    Progress.of("put", 0, connection.environment().clock())) {
                new Transfers(fs, connection.environment(), progress).upload(Channels.newChannel(System.in), target);
                summary(target, 1, progress);
            }
            return;
        }
        for (String source : sources) {
            Path local = Path.of(source);
            String name = String.valueOf(local.toAbsolutePath().normalize().getFileName());
            collect(fs, local, into ? WeftPath.child(target, name) : target);
        }
        try (Progress progress =
                Progress.of("put", total, connection.environment().clock())) {
            new Transfers(fs, connection.environment(), progress).upload(files);
            summary(target, files.size(), progress);
        }
    }

    private void summary(String target, int count, Progress progress) {
        report(
                String.format(
                        "%d files, %s, %s",
                        count, Sizes.text(progress.bytes()), Sizes.rate(progress.bytes(), progress.nanos())),
                new Json()
                        .put("target", target)
                        .put("files", count)
                        .put("bytes", progress.bytes())
                        .put("nanos", progress.nanos()));
    }

    /** Notes a file, or makes a directory there and notes what is in it. */
    private void collect(WeftFileSystem fs, Path local, String remote) throws IOException {
        if (!Files.exists(local)) {
            throw new NoSuchFileException(local.toString());
        }
        if (!Files.isDirectory(local)) {
            files.add(new Transfers.Pair(local, remote));
            total += Files.size(local);
            return;
        }
        if (!recursive) {
            throw new UsageException(local + " is a directory; -r copies it with all in it");
        }
        fs.mkdir(remote, true);
        try (Stream<Path> children = Files.list(local)) {
            for (Path child : children.sorted().toList()) {
                collect(fs, child, WeftPath.child(remote, String.valueOf(child.getFileName())));
            }
        }
    }

    private static boolean isDirectory(WeftFileSystem fs, String path) throws IOException {
        try {
            return fs.stat(path).type() == FileType.DIRECTORY;
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
