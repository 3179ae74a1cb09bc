package dev.weft.serde;

/** Writes and reads one type. Stateless, usable from any thread. */
public interface Codec<T> {
    void write(T value, SerdeWriter out);

    T read(SerdeReader in);
}
