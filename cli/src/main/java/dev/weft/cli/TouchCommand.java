package dev.weft.cli;

import dev.weft.client.AttributeChanges;
import dev.weft.client.CreateOptions;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Sets times to now. */
@Command(name = "touch", description = "Sets the times of files to now; makes an empty file of what is not there.")
final class TouchCommand extends FsOperation {
    @Parameters(arity = "1..*", paramLabel = "PATH", description = "What to touch.")
    private List<String> paths = List.of();

    @Override
    void run(WeftFileSystem fs, ClusterConnection connection) throws IOException {
        for (String path : paths) {
            String plain = WeftPath.of(path);
            try {
                fs.setAttributes(plain, AttributeChanges.none().touched());
            } catch (NoSuchFileException e) {
                fs.create(plain, new CreateOptions(true, 0644, 0, 0)).close();
            }
            if (json()) {
                report("", Json.of(plain, fs.stat(plain)));
            }
        }
    }
}
