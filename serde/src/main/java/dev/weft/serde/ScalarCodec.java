package dev.weft.serde;

import java.util.function.BiConsumer;
import java.util.function.Function;

/** Codec of a type that writer and reader know by themselves. */
record ScalarCodec<T>(
        T defaultValue, int minimumSize, BiConsumer<SerdeWriter, T> writer, Function<SerdeReader, T> reader)
        implements Codec<T> {
    @Override
    public void write(T value, SerdeWriter out) {
        writer.accept(out, value);
    }

    @Override
    public T read(SerdeReader in) {
        return reader.apply(in);
    }

    @Override
    public void writeJson(T value, JsonWriter out) {
        ScalarJson.write(value, out);
    }

    @Override
    @SuppressWarnings("unchecked") // reads what is like the default value
    public T readJson(JsonReader in) {
        return (T) ScalarJson.read(defaultValue, in);
    }

    @Override
    public int sizeHint() {
        return minimumSize + 16;
    }
}
