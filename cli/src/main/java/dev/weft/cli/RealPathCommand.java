package dev.weft.cli;

import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Follows a path. */
@Command(name = "realpath", description = "Prints a path without symbolic links.")
final class RealPathCommand extends FsOperation {
    @Parameters(paramLabel = "PATH", description = "Something that is there.")
    private String path = "";

    @Override
    void run(WeftFileSystem fs, ClusterConnection connection) throws IOException {
        String real = fs.realPath(WeftPath.of(path));
        report(real, new Json().put("path", real));
    }
}
