package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.List;

/**
 * How far a check is.
 *
 * @param looked at so many entries, inodes, or chunks, in the phase of now
 * @param found so many findings so far
 * @param findings a few of them, from the number on that was asked for
 * @param failure why it cannot go on; empty if it can, or is over
 */
@Serde
public record CheckStatus(Phase phase, long looked, long found, List<CheckFinding> findings, String failure) {
    /** What is looked at, in this order. */
    @Serde
    public enum Phase {
        ENTRIES,
        INODES,
        QUOTAS,
        CHUNKS,
        OVER
    }
}
