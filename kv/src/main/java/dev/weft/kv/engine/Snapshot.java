package dev.weft.kv.engine;

import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One version of an engine's data, held until released. Thread-safe; nothing may be read after the release. */
public interface Snapshot {
    long version();

    @Nullable
    Bytes get(Bytes key);

    /** The values of many keys, in the order of the keys. */
    default List<Optional<Bytes>> getAll(List<Bytes> keys) {
        return keys.stream().map(key -> Optional.ofNullable(get(key))).toList();
    }

    Cursor scan(KeyRange range);

    void release();

    /** Whether a read has failed since nobody holds this snapshot any more. */
    default boolean isLost() {
        return false;
    }

    /** Released by its transaction, which goes on to commit: an engine that still needs it then keeps it. */
    default void releaseForCommit() {
        release();
    }

    /** Entries in key order. For one thread. */
    interface Cursor extends AutoCloseable {
        /** The next entry; null at the end, and from then on. */
        @Nullable
        KeyValue next();

        @Override
        void close();
    }
}
