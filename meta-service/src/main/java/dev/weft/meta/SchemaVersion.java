package dev.weft.meta;

import dev.weft.kv.Bytes;
import dev.weft.kv.KeyValueStore;
import dev.weft.meta.schema.Keys;
import dev.weft.meta.schema.Namespace;
import java.time.Instant;
import java.util.Optional;

/** The version of the schema, checked before anything else is read. */
final class SchemaVersion {
    private static final long VERSION = 2;

    /** Everyone may make directories below the root, and remove what is their own; root may change that. */
    private static final int ROOT_PERMISSIONS = 01777;

    private SchemaVersion() {}

    /** Makes an empty file system of an empty store. */
    static void prepare(KeyValueStore store, Instant now) throws InterruptedException {
        store.run(tx -> {
            Optional<Bytes> stored = tx.get(Keys.SCHEMA_VERSION);
            if (stored.isEmpty()) {
                tx.put(Keys.SCHEMA_VERSION, Bytes.ofLong(VERSION));
                new Namespace(tx).format(ROOT_PERMISSIONS, now);
            } else if (stored.get().longAt(0) != VERSION) {
                throw new IllegalStateException(
                        "metadata schema has version " + stored.get().longAt(0) + ", this server knows " + VERSION);
            }
            return VERSION;
        });
    }
}
