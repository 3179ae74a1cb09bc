package dev.weft.api.meta;

import dev.weft.serde.Serde;

/**
 * Names a file or directory. A path that begins with {@code /} goes from the root; any other goes from the directory
 * {@code base}, and an empty one is the inode {@code base} itself. {@code .} and {@code ..} are as in POSIX.
 *
 * <p>Whoever has an inode's id needs no permission to search the directories above it, as with an open directory.
 */
@Serde
public record PathAt(long base, String path) {
    /** An absolute path. */
    public static PathAt of(String path) {
        return new PathAt(0, path);
    }

    public static PathAt inode(long inodeId) {
        return new PathAt(inodeId, "");
    }

    @Override
    public String toString() {
        return path.startsWith("/") ? path : path.isEmpty() ? "inode " + base : "'" + path + "' in inode " + base;
    }
}
