package dev.weft.cli;

import dev.weft.api.meta.SetExtendedRequest.Mode;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows and changes extended attributes. */
@Command(
        name = "xattr",
        description = "Shows the extended attributes of a file or directory, or changes one.",
        footer = {"", "Example: weft fs xattr /books/readme --set user.author Ann"})
final class ExtendedCommand extends FsOperation {
    @Parameters(index = "0", paramLabel = "PATH", description = "A file or directory.")
    private String path = "";

    @Option(
            names = "--set",
            arity = "2",
            paramLabel = "NAME VALUE",
            description = "Sets an attribute, whose name begins with 'user.'.")
    private String @Nullable [] set;

    @Option(names = "--remove", paramLabel = "NAME", description = "Removes an attribute.")
    private @Nullable String removed;

    @Override
    void run(WeftFileSystem fs, ClusterConnection connection) throws IOException {
        String plain = WeftPath.of(path);
        String[] wanted = set;
        String gone = removed;
        if (wanted != null) {
            fs.setExtendedAttribute(plain, wanted[0], wanted[1].getBytes(StandardCharsets.UTF_8), Mode.ANY);
        }
        if (gone != null) {
            fs.removeExtendedAttribute(plain, gone);
        }
        if (wanted == null && gone == null) {
            for (Map.Entry<String, byte[]> one : fs.extendedAttributes(plain).entrySet()) {
                String value = new String(one.getValue(), StandardCharsets.UTF_8);
                report(
                        one.getKey() + "=" + value,
                        new Json().put("name", one.getKey()).put("value", value));
            }
        }
    }
}
