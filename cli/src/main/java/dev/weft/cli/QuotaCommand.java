package dev.weft.cli;

import dev.weft.api.meta.Space;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows and sets quotas. */
@Command(
        name = "quota",
        description = {
            "Shows what is stored in the tree whose quota a path counts against, or limits a directory. A directory gets",
            "its first quota while it is empty; 0 is no limit."
        },
        footer = {"", "Example: weft fs quota /projects/tea --as 0 --inodes 100000 --bytes 500000000000"})
final class QuotaCommand extends FsOperation {
    @Parameters(arity = "0..1", paramLabel = "PATH", defaultValue = "/", description = "Whose (/).")
    private String path = "/";

    @Option(names = "--inodes", paramLabel = "N", description = "Files, directories and links at most.")
    private @Nullable Long inodes;

    @Option(names = "--bytes", paramLabel = "N", description = "Bytes of all files at most.")
    private @Nullable Long bytes;

    @Override
    void run(WeftFileSystem fs, ClusterConnection connection) throws IOException {
        String plain = WeftPath.of(path);
        Space space = fs.space(plain);
        Long newInodes = inodes;
        Long newBytes = bytes;
        if (newInodes != null || newBytes != null) {
            boolean own = fs.stat(plain).inodeId() == space.root();
            space = fs.setQuota(
                    plain,
                    newInodes != null ? newInodes : own ? space.inodesMax() : 0,
                    newBytes != null ? newBytes : own ? space.bytesMax() : 0);
        }
        report(
                String.format(
                        "inodes  %d of %s%nbytes   %d of %s",
                        space.inodes(), limit(space.inodesMax()), space.bytes(), limit(space.bytesMax())),
                new Json()
                        .put("root", Long.toHexString(space.root()))
                        .put("inodes", space.inodes())
                        .put("inodesMax", space.inodesMax())
                        .put("bytes", space.bytes())
                        .put("bytesMax", space.bytesMax()));
    }

    private static String limit(long max) {
        return max == 0 ? "any number" : Long.toString(max);
    }
}
