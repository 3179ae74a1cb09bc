package dev.weft.serde.processor;

import dev.weft.serde.processor.model.Color;
import dev.weft.serde.processor.model.Everything;
import dev.weft.serde.processor.model.Pair;
import dev.weft.serde.processor.model.Point;
import dev.weft.serde.processor.model.Shape;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** Random values of {@link Everything}, by seed. */
final class EverythingSamples {
    private final Random random;

    private EverythingSamples(long seed) {
        this.random = new Random(seed);
    }

    static Everything of(long seed) {
        return new EverythingSamples(seed).everything();
    }

    private Everything everything() {
        Set<String> words = new LinkedHashSet<>(list(this::text));
        Map<String, List<Integer>> numbers = new LinkedHashMap<>();
        words.forEach(word -> numbers.put(word, list(random::nextInt)));
        return new Everything(
                random.nextBoolean(),
                (byte) random.nextInt(),
                (short) random.nextInt(),
                (char) random.nextInt(0xD800),
                random.nextInt(),
                random.nextLong(),
                Float.intBitsToFloat(random.nextInt() & 0x7F7FFFFF),
                random.nextInt(10) == 0 ? Double.NaN : random.nextGaussian(),
                random.nextInt(),
                text(),
                bytes(100),
                MemorySegment.ofArray(bytes(random.nextInt(20) == 0 ? 40_000 : 100)),
                Duration.ofSeconds(random.nextInt(), random.nextInt(1_000_000_000)),
                Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)),
                new UUID(random.nextLong(), random.nextLong()),
                List.of(Color.values()).get(random.nextInt(3)),
                point(),
                shape(),
                optional().map(_ -> text()),
                optional().map(_ -> OptionalInt.of(random.nextInt())).orElse(OptionalInt.empty()),
                optional().map(_ -> OptionalLong.of(random.nextLong())).orElse(OptionalLong.empty()),
                optional().map(_ -> OptionalDouble.of(random.nextDouble())).orElse(OptionalDouble.empty()),
                list(this::point),
                words,
                numbers,
                new Pair<>(text(), point(), list(this::point)));
    }

    private Optional<Boolean> optional() {
        return random.nextBoolean() ? Optional.of(true) : Optional.empty();
    }

    private Point point() {
        return new Point(random.nextInt(), random.nextInt());
    }

    private Shape shape() {
        return switch (random.nextInt(3)) {
            case 0 -> new Shape.Circle(point(), random.nextInt());
            case 1 -> new Shape.Line(point(), point());
            default -> new Shape.Other(12345, MemorySegment.ofArray(bytes(30)));
        };
    }

    private byte[] bytes(int lengthMax) {
        byte[] bytes = new byte[random.nextInt(lengthMax)];
        random.nextBytes(bytes);
        return bytes;
    }

    private String text() {
        int[] alphabet = random.nextBoolean() ? new int[] {'a', 'Z', ' ', '"'} : new int[] {'x', 'ä', '€', 0x1F680, 0};
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(random.nextInt(8) == 0 ? 300 : 20); i > 0; i--) {
            text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
        }
        return text.toString();
    }

    private <E> List<E> list(Supplier<E> element) {
        List<E> list = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            list.add(element.get());
        }
        return list;
    }
}
