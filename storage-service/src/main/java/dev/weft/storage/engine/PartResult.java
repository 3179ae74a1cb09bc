package dev.weft.storage.engine;

import java.io.IOException;

/** How the reading of a part ended. */
public sealed interface PartResult {
    /** The bytes are there and verified. */
    record Read(int checksum) implements PartResult {}

    /** The bytes are not what was written, which is a {@link CorruptedChunkException}, or could not be read. */
    record Failed(IOException failure) implements PartResult {}
}
