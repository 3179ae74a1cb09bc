package dev.weft.meta.schema;

import dev.weft.kv.Bytes;
import dev.weft.serde.Codec;
import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;

/** Stored values to records and back. */
public final class Records {
    private Records() {}

    public static <T> Bytes encode(Codec<T> codec, T value) {
        SerdeWriter out = SerdeWriter.create(codec.sizeHint());
        codec.write(value, out);
        return Bytes.wrap(out.toByteArray());
    }

    public static <T> T decode(Codec<T> codec, Bytes value) {
        return codec.read(SerdeReader.of(value.segment()));
    }
}
