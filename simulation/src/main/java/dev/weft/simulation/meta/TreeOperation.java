package dev.weft.simulation.meta;

import dev.weft.api.meta.DirectoryEntry;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.MetaFault;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.api.meta.RenameRequest;

/** What a client asks of the tree, and gets as an answer. */
sealed interface TreeOperation {
    record Mkdir(String path) implements TreeOperation {}

    /** Makes a file or, if it need not be new, opens the one that is there. */
    record Create(String path, boolean exclusive) implements TreeOperation {}

    record Symlink(String path, String target) implements TreeOperation {}

    record Link(String from, String to) implements TreeOperation {}

    record Rename(String from, String to, RenameRequest.Mode mode) implements TreeOperation {}

    record Remove(String path, RemoveRequest.Kind kind) implements TreeOperation {}

    record Chmod(String path, int permissions) implements TreeOperation {}

    /** Opens a file that is there for writing. */
    record Open(String path) implements TreeOperation {}

    /** Closes a file that is open, {@code end} bytes of which were written. */
    record Close(long inodeId, long end) implements TreeOperation {}

    record Stat(String path, boolean follow) implements TreeOperation {}

    record List(String path) implements TreeOperation {}

    /** Whether it changes nothing in any tree. */
    default boolean isRead() {
        return this instanceof Stat || this instanceof List || this instanceof Open;
    }

    /** Where something is when it is done that was not there before; empty if nowhere. */
    default String made() {
        return switch (this) {
            case Mkdir(String path) -> path;
            case Create(String path, boolean _) -> path;
            case Link(String _, String to) -> to;
            case Rename(String _, String to, RenameRequest.Mode _) -> to;
            case Symlink _, Remove _, Chmod _, Open _, Close _, Stat _, List _ -> "";
        };
    }

    /** What came back. */
    sealed interface Answer {
        record Refused(MetaFault.Kind kind) implements Answer {}

        record Done() implements Answer {}

        record Seen(Inode inode) implements Answer {
            @Override
            public String toString() {
                return describe(inode);
            }
        }

        record Listed(java.util.List<DirectoryEntry> entries) implements Answer {
            @Override
            public String toString() {
                return entries.stream()
                        .map(entry -> entry.name() + ": " + describe(entry.inode()))
                        .toList()
                        .toString();
            }
        }

        private static String describe(Inode inode) {
            return inode.type() + " " + inode.inodeId() + " " + Integer.toOctalString(inode.permissions()) + " x"
                    + inode.links() + ", " + inode.length() + " bytes"
                    + inode.target().map(to -> " -> " + to).orElse("");
        }
    }
}
