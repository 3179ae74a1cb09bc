package dev.weft.api.storage;

import dev.weft.serde.Serde;

/** Why a storage service did not do what was asked. */
@Serde
public record StorageFault(Kind kind, int chainVersion, String message) {
    /** What the caller should do about it. */
    @Serde
    public enum Kind {
        /** The chain's version differs; refresh routing and retry. {@code chainVersion} is the server's. */
        WRONG_CHAIN_VERSION,
        /** The target does not serve now; refresh routing and retry elsewhere. */
        NOT_SERVING,
        /** The tag's sequence is older than one already applied. Do not retry. */
        STALE_SEQUENCE,
        /** The same tag is being applied; retry later. */
        IN_PROGRESS,
        /** A forward does not fit the successor's version of the chunk. */
        VERSION_GAP,
        /** Bytes do not match their checksum. */
        CHECKSUM_MISMATCH,
        /** The request is not valid. Do not retry. */
        INVALID,
        /** No space is left on the disk. */
        NO_SPACE,
        /** The disk failed. */
        DISK_ERROR
    }
}
