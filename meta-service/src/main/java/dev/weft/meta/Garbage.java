package dev.weft.meta;

import dev.weft.api.meta.FileType;
import dev.weft.kv.Bytes;
import dev.weft.kv.KeyValue;
import dev.weft.meta.schema.Records;
import dev.weft.meta.schema.StoredGarbage;
import dev.weft.meta.schema.StoredGarbageCodec;

/** An entry of the garbage queue, with the key that it is under. */
record Garbage(Bytes key, long inodeId, FileType type) {
    static Garbage of(KeyValue entry) {
        StoredGarbage stored = Records.decode(StoredGarbageCodec.CODEC, entry.value());
        return new Garbage(entry.key(), stored.inodeId(), stored.type());
    }

    boolean isDirectory() {
        return type == FileType.DIRECTORY;
    }
}
