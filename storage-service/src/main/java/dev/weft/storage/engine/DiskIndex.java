package dev.weft.storage.engine;

import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Ordered keys and values on a disk. */
public interface DiskIndex {
    /**
     * Makes all changes or none, the later of two changes of one key last. With {@code durable} they, and all changes
     * before them, survive the loss of power; without it, the death of the process. Calls come from one thread at a time.
     */
    void write(List<IndexChange> changes, boolean durable) throws IOException;

    /** The value of a key; null if it has none. From any thread. */
    byte @Nullable [] get(byte[] key) throws IOException;

    /** Visits the keys that begin with {@code prefix}, in order as unsigned bytes. From any thread. */
    void forEach(byte[] prefix, BiConsumer<byte[], byte[]> visitor) throws IOException;

    /** A key's new value, or its removal when {@code value} is null. */
    @SuppressWarnings("ArrayRecordComponent") // passed on to the index at once, never compared
    record IndexChange(byte[] key, byte @Nullable [] value) {}
}
