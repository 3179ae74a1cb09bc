package dev.weft.serde.processor;

import dev.weft.serde.Codec;
import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Values to bytes and back, in the ways that tests need. */
final class Coding {
    private Coding() {}

    static <T> byte[] encode(Codec<T> codec, T value) {
        SerdeWriter out = SerdeWriter.create(0);
        codec.write(value, out);
        return out.toByteArray();
    }

    static <T> T decode(Codec<T> codec, byte[] bytes) {
        return codec.read(SerdeReader.of(MemorySegment.ofArray(bytes)));
    }

    /** Decodes from memory outside of the heap, and from the middle of it. */
    static <T> T decodeNative(Codec<T> codec, byte[] bytes) {
        MemorySegment memory = Arena.ofAuto().allocate(bytes.length + 3L).asSlice(3);
        memory.copyFrom(MemorySegment.ofArray(bytes));
        return codec.read(SerdeReader.of(memory));
    }

    /** Decodes from the middle of an array. */
    static <T> T decodeSlice(Codec<T> codec, byte[] bytes) {
        MemorySegment memory = MemorySegment.ofArray(new byte[bytes.length + 8]).asSlice(5, bytes.length);
        memory.copyFrom(MemorySegment.ofArray(bytes));
        return codec.read(SerdeReader.of(memory));
    }
}
