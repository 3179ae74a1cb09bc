package dev.weft.serde;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** Codecs of the types that Weft knows by itself. */
public final class Codecs {
    public static final Codec<Boolean> BOOLEAN =
            new ScalarCodec<>(false, 1, SerdeWriter::putBoolean, SerdeReader::getBoolean);
    public static final Codec<Byte> BYTE = new ScalarCodec<>((byte) 0, 1, SerdeWriter::putByte, SerdeReader::getByte);
    public static final Codec<Short> SHORT =
            new ScalarCodec<>((short) 0, 2, SerdeWriter::putShort, SerdeReader::getShort);
    public static final Codec<Character> CHAR = new ScalarCodec<>('\0', 2, SerdeWriter::putChar, SerdeReader::getChar);
    public static final Codec<Integer> INT = new ScalarCodec<>(0, 4, SerdeWriter::putInt, SerdeReader::getInt);
    public static final Codec<Long> LONG = new ScalarCodec<>(0L, 8, SerdeWriter::putLong, SerdeReader::getLong);
    public static final Codec<Float> FLOAT = new ScalarCodec<>(0f, 4, SerdeWriter::putFloat, SerdeReader::getFloat);
    public static final Codec<Double> DOUBLE = new ScalarCodec<>(0d, 8, SerdeWriter::putDouble, SerdeReader::getDouble);
    public static final Codec<String> STRING = new ScalarCodec<>("", 1, SerdeWriter::putString, SerdeReader::getString);
    public static final Codec<byte[]> BYTES =
            new ScalarCodec<>(new byte[0], 1, SerdeWriter::putBytes, SerdeReader::getBytes);
    public static final Codec<MemorySegment> SEGMENT =
            new ScalarCodec<>(MemorySegment.ofArray(new byte[0]), 1, SerdeWriter::putSegment, SerdeReader::getSegment);
    public static final Codec<Duration> DURATION =
            new ScalarCodec<>(Duration.ZERO, 12, SerdeWriter::putDuration, SerdeReader::getDuration);
    public static final Codec<Instant> INSTANT =
            new ScalarCodec<>(Instant.EPOCH, 12, SerdeWriter::putInstant, SerdeReader::getInstant);
    public static final Codec<UUID> UUID =
            new ScalarCodec<>(new UUID(0, 0), 16, SerdeWriter::putUuid, SerdeReader::getUuid);
    public static final Codec<OptionalInt> OPTIONAL_INT =
            new ScalarCodec<>(OptionalInt.empty(), 1, SerdeWriter::putOptionalInt, SerdeReader::getOptionalInt);
    public static final Codec<OptionalLong> OPTIONAL_LONG =
            new ScalarCodec<>(OptionalLong.empty(), 1, SerdeWriter::putOptionalLong, SerdeReader::getOptionalLong);
    public static final Codec<OptionalDouble> OPTIONAL_DOUBLE = new ScalarCodec<>(
            OptionalDouble.empty(), 1, SerdeWriter::putOptionalDouble, SerdeReader::getOptionalDouble);
    public static final Codec<Nothing> NOTHING =
            new ScalarCodec<>(Nothing.NOTHING, 0, (out, value) -> {}, in -> Nothing.NOTHING);

    private Codecs() {}

    public static <E> Codec<List<E>> list(Codec<E> element) {
        return new ListCodec<>(element);
    }

    /** Keeps the order of the set that is written. */
    public static <E> Codec<Set<E>> set(Codec<E> element) {
        return new SetCodec<>(element);
    }

    /** Keeps the order of the map that is written. */
    public static <K, V> Codec<Map<K, V>> map(Codec<K> key, Codec<V> value) {
        return new MapCodec<>(key, value);
    }

    public static <E> Codec<Optional<E>> optional(Codec<E> element) {
        return new OptionalCodec<>(element);
    }

    /**
     * An immutable list that takes over the array: the caller must not keep it, and must have put values of type
     * {@code E} only. For generated code.
     */
    public static <E> List<E> listOver(Object[] elements) {
        return new FixedList<>(elements);
    }
}
