package dev.weft.cli;

import dev.weft.api.meta.FileType;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;

/** Goes through directories. */
final class Trees {
    private Trees() {}

    /** Does something with one path. */
    @FunctionalInterface
    interface Visitor {
        void visit(String path) throws IOException;
    }

    /** Visits what is at a path and, if {@code recursive}, then all below it but symbolic links. */
    static void each(WeftFileSystem fs, String path, boolean recursive, Visitor visitor) throws IOException {
        visitor.visit(path);
        if (recursive && fs.stat(path).type() == FileType.DIRECTORY) {
            below(fs, path, visitor);
        }
    }

    private static void below(WeftFileSystem fs, String directory, Visitor visitor) throws IOException {
        fs.list(directory, entry -> {
            String child = WeftPath.child(directory, entry.name());
            if (entry.type() != FileType.SYMLINK) {
                visitor.visit(child);
            }
            if (entry.type() == FileType.DIRECTORY) {
                below(fs, child, visitor);
            }
        });
    }
}
