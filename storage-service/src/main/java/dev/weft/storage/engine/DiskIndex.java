package dev.weft.storage.engine;

import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Ordered keys and values on a disk. Calls come from one thread at a time. */
public interface DiskIndex {
    /**
     * Makes all changes or none. With {@code durable} they, and all changes before them, survive the loss of power;
     * without it, the death of the process.
     */
    void write(List<IndexChange> changes, boolean durable) throws IOException;

    /** Visits everything, in order of the keys as unsigned bytes. */
    void forEach(BiConsumer<byte[], byte[]> visitor) throws IOException;

    /** A key's new value, or its removal when {@code value} is null. */
    @SuppressWarnings("ArrayRecordComponent") // passed on to the index at once, never compared
    record IndexChange(byte[] key, byte @Nullable [] value) {}
}
