package dev.weft.api.storage;

import dev.weft.serde.Serde;
import java.util.List;

/**
 * Reads pieces of chunks that one storage node holds.
 *
 * @param relaxed whether a version that is pending there may be read. It may never become a committed one, and another
 *     replica, or the same one later, may show the version before it. Nobody is asked about it, so the read waits for nobody
 */
@Serde
public record ReadRequest(List<ReadPiece> pieces, boolean relaxed) {
    /** Of committed bytes only. */
    public ReadRequest(List<ReadPiece> pieces) {
        this(pieces, false);
    }
}
