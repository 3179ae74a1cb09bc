package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.time.Instant;
import java.util.Optional;

/**
 * A file or directory.
 *
 * @param length in bytes; of a file that is open for writing it may lag until {@code close} or {@code sync} settles it
 * @param truncations how often the file was truncated: a length reported from before the last one is not believed
 * @param layout of a file
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
        Optional<Layout> layout) {}
