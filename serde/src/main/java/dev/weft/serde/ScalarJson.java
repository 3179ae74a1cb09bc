package dev.weft.serde;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/** JSON view of the types that writer and reader know by themselves; a class of its own so that binary use loads none of it. */
final class ScalarJson {
    private ScalarJson() {}

    static void write(Object value, JsonWriter out) {
        switch (value) {
            case Boolean bool -> out.bool(bool);
            case Float number -> out.number((float) number);
            case Double number -> out.number((double) number);
            case Number integer -> out.integer(integer.longValue());
            case byte[] bytes -> out.string(Base64.getEncoder().encodeToString(bytes));
            case MemorySegment segment ->
                out.string(Base64.getEncoder().encodeToString(segment.toArray(ValueLayout.JAVA_BYTE)));
            case OptionalInt optional -> optional.ifPresentOrElse(out::integer, out::absent);
            case OptionalLong optional -> optional.ifPresentOrElse(out::integer, out::absent);
            case OptionalDouble optional -> optional.ifPresentOrElse(out::number, out::absent);
            case Nothing _ -> out.absent();
            // String, Character, Duration, Instant, UUID: their own text is exact.
            default -> out.string(value.toString());
        }
    }

    /** Reads a value of the same type as {@code like}. */
    static Object read(Object like, JsonReader in) {
        return switch (like) {
            case Boolean _ -> in.bool();
            case Byte _ -> (byte) in.integer(Byte.MIN_VALUE, Byte.MAX_VALUE);
            case Short _ -> (short) in.integer(Short.MIN_VALUE, Short.MAX_VALUE);
            case Integer _ -> (int) in.integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
            case Long _ -> in.integer(Long.MIN_VALUE, Long.MAX_VALUE);
            case Float _ -> Float.valueOf(in.numberText());
            case Double _ -> Double.valueOf(in.numberText());
            case String _ -> in.string();
            case OptionalInt _ -> in.absent() ? OptionalInt.empty() : OptionalInt.of((int) read(0, in));
            case OptionalLong _ -> in.absent() ? OptionalLong.empty() : OptionalLong.of((long) read(0L, in));
            case OptionalDouble _ -> in.absent() ? OptionalDouble.empty() : OptionalDouble.of((double) read(0d, in));
            case Nothing nothing -> readNothing(nothing, in);
            default -> parse(like, in);
        };
    }

    private static Object readNothing(Nothing nothing, JsonReader in) {
        if (!in.absent()) {
            throw in.failure("expected null");
        }
        return nothing;
    }

    private static Object parse(Object like, JsonReader in) {
        String text = in.string();
        try {
            return switch (like) {
                case Character _ -> character(text);
                case byte[] _ -> Base64.getDecoder().decode(text);
                case MemorySegment _ ->
                    MemorySegment.ofArray(Base64.getDecoder().decode(text));
                case Duration _ -> Duration.parse(text);
                case Instant _ -> Instant.parse(text);
                case UUID _ -> UUID.fromString(text);
                default -> throw new AssertionError("no JSON view of " + like.getClass());
            };
        } catch (RuntimeException refusal) {
            throw in.refused(like.getClass().getSimpleName(), refusal);
        }
    }

    private static char character(String text) {
        if (text.length() != 1) {
            throw new IllegalArgumentException(text.length() + " characters");
        }
        return text.charAt(0);
    }
}
