package dev.weft.serde;

/**
 * Writes and reads one type. Stateless, usable from any thread.
 *
 * <p>For a type that {@link Serde} marks the codec is generated: {@code FooCodec.CODEC}. The codecs of the types that
 * Weft knows by itself are in {@link Codecs}.
 */
public interface Codec<T> {
    /**
     * Appends the value's bytes.
     *
     * @throws SerdeException if the value has something that the format cannot say
     */
    void write(T value, SerdeWriter out);

    /**
     * Reads what {@link #write} of this or another version of the type wrote.
     *
     * @throws SerdeException if the bytes are not those of a value; the reader is of no use after that
     */
    T read(SerdeReader in);

    /** Writes the JSON view. */
    default void writeJson(T value, JsonWriter out) {
        throw new UnsupportedOperationException(getClass().getName() + " has no JSON view");
    }

    /**
     * Reads what {@link #writeJson} wrote, or a person; members may be missing, but none may be unknown.
     *
     * @throws SerdeException if the JSON is not that of a value
     */
    default T readJson(JsonReader in) {
        throw new UnsupportedOperationException(getClass().getName() + " has no JSON view");
    }

    /** The value as JSON, for people and command lines. */
    default String toJson(T value) {
        return JsonWriter.text(this, value);
    }

    /**
     * The value that the JSON stands for.
     *
     * @throws SerdeException if it stands for none; the offset counts characters
     */
    default T fromJson(String json) {
        return JsonReader.value(this, json);
    }

    /**
     * Stands for a field that the writer did not know.
     *
     * @throws SerdeException if there is no such value: a field of this type cannot be appended
     */
    default T defaultValue() {
        throw new SerdeException(0, "a field is missing, and " + getClass().getName() + " has no default value");
    }

    /** No value takes fewer bytes; what a count of elements promises is checked against this. At least 1. */
    default int minimumSize() {
        return 1;
    }

    /** Bytes to make room for before writing a typical value. */
    default int sizeHint() {
        return 64;
    }
}
