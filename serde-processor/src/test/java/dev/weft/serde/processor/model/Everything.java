package dev.weft.serde.processor.model;

import dev.weft.serde.Serde;
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

/** One field of each type that a record can have. */
@Serde
@SuppressWarnings("ArrayRecordComponent") // byte[] is one of the types
public record Everything(
        boolean flag,
        byte int8,
        short int16,
        char letter,
        int int32,
        long int64,
        float float32,
        double float64,
        Integer boxed,
        String text,
        byte[] bytes,
        MemorySegment segment,
        Duration duration,
        Instant instant,
        UUID uuid,
        Color color,
        Point point,
        Shape shape,
        Optional<String> optional,
        OptionalInt optionalInt,
        OptionalLong optionalLong,
        OptionalDouble optionalDouble,
        List<Point> points,
        Set<String> words,
        Map<String, List<Integer>> numbers,
        Pair<String, Point> pair) {}
