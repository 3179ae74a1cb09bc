package dev.weft.api.cluster;

import dev.weft.serde.Serde;

/**
 * How far a target has got with filling its successor. What was counted at the beginning may become more meanwhile.
 *
 * @param targetId the successor
 */
@Serde
public record Filling(long targetId, long chunksDone, long chunks, long bytesDone, long bytes) {
    /** With one more chunk done. */
    public Filling plus(long chunkBytes) {
        return new Filling(
                targetId,
                chunksDone + 1,
                Math.max(chunks, chunksDone + 1),
                bytesDone + chunkBytes,
                Math.max(bytes, bytesDone + chunkBytes));
    }
}
