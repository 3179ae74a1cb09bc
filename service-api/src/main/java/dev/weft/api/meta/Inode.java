package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.time.Instant;
import java.util.Optional;

/**
 * A file, directory or symbolic link.
 *
 * @param permissions the twelve bits of POSIX
 * @param links names that lead here; of a directory two and one for each directory in it
 * @param length in bytes; of a file that is open for writing it may lag until {@code close} or {@code sync} settles it;
 *     of a symbolic link that of its target
 * @param truncations how often the file was truncated: a length reported from before the last one is not believed
 * @param layout of a file
 * @param accessed set when it is created and by who asks for it; reading does not change it
 * @param modified when the content was last changed; of a directory, when a name was
 * @param changed when the content or an attribute was last changed
 * @param target of a symbolic link
 */
@Serde
public record Inode(
        long inodeId,
        FileType type,
        int permissions,
        int owner,
        int group,
        int links,
        long length,
        long truncations,
        Instant created,
        Instant modified,
        Optional<Layout> layout,
        Instant accessed,
        Instant changed,
        Optional<String> target) {}
