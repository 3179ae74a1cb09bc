package dev.weft.kv;

import org.jspecify.annotations.Nullable;

/** One version of an engine's data, held until released. Thread-safe; nothing may be read after the release. */
interface Snapshot {
    long version();

    @Nullable
    Bytes get(Bytes key);

    Cursor scan(KeyRange range);

    void release();

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
