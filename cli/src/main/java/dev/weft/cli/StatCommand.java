package dev.weft.cli;

import dev.weft.api.meta.Inode;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what is known of a file or directory. */
@Command(name = "stat", description = "Shows what is known of a file or directory.")
final class StatCommand extends FsOperation {
    @Parameters(paramLabel = "PATH", description = "A file or directory.")
    private String path = "";

    @Option(
            names = {"-L", "--dereference"},
            description = "Shows what a symbolic link leads to.")
    private boolean follow;

    @Override
    void run(WeftFileSystem fs, ClusterConnection connection) throws IOException {
        String plain = WeftPath.of(path);
        Inode inode = fs.stat(plain, follow);
        StringBuilder text = new StringBuilder();
        text.append("path         ").append(plain);
        text.append("\ntype         ").append(Names.lower(inode.type()));
        text.append("\nlength       ").append(inode.length());
        text.append("\ninode        ").append(Long.toHexString(inode.inodeId()));
        text.append("\npermissions  ").append(Modes.octal(inode.permissions()));
        text.append("\nowner        ").append(inode.owner());
        text.append("\ngroup        ").append(inode.group());
        text.append("\nlinks        ").append(inode.links());
        inode.target().ifPresent(target -> text.append("\ntarget       ").append(target));
        text.append("\ncreated      ").append(inode.created());
        text.append("\nmodified     ").append(inode.modified());
        text.append("\nchanged      ").append(inode.changed());
        inode.layout()
                .ifPresent(layout -> text.append("\nchunk size   ")
                        .append(Sizes.text(layout.chunkSize()))
                        .append("\nchains       ")
                        .append(layout.chains()));
        report(text.toString(), Json.of(plain, inode));
    }
}
