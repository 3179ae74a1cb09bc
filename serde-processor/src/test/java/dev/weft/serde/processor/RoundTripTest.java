package dev.weft.serde.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.serde.Codec;
import dev.weft.serde.Codecs;
import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;
import dev.weft.serde.processor.model.Color;
import dev.weft.serde.processor.model.Everything;
import dev.weft.serde.processor.model.EverythingCodec;
import dev.weft.serde.processor.model.Pair;
import dev.weft.serde.processor.model.Point;
import dev.weft.serde.processor.model.Shape;
import dev.weft.serde.processor.model.Tree;
import dev.weft.serde.processor.model.TreeCodec;
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
import org.junit.jupiter.api.Test;

final class RoundTripTest {
    @Test
    void everyTypeComesBack() {
        Everything value = new Everything(
                true,
                (byte) -1,
                (short) -2,
                'ä',
                -3,
                -4L,
                1.5f,
                -2.5,
                42,
                "grüße 🚀",
                new byte[] {1, 2},
                MemorySegment.ofArray(new byte[] {3, 4}),
                Duration.ofMillis(-1500),
                Instant.ofEpochSecond(1, 2),
                new UUID(5, 6),
                Color.BLUE,
                new Point(7, 8),
                new Shape.Line(new Point(1, 2), new Point(3, 4)),
                Optional.of("here"),
                OptionalInt.of(9),
                OptionalLong.empty(),
                OptionalDouble.of(0.5),
                List.of(new Point(10, 11), new Point(12, 13)),
                Set.of("a"),
                Map.of("n", List.of(1, 2, 3)),
                new Pair<>("p", new Point(0, 0), List.of(new Point(1, 1))));
        Everything back = through(EverythingCodec.CODEC, value);
        assertEquals(value.text(), back.text());
        assertEquals(value.pair(), back.pair());
        assertEquals(value.numbers(), back.numbers());
        assertEquals(value.shape(), back.shape());
        assertEquals(-1, value.segment().mismatch(back.segment()));
    }

    @Test
    void aGenericTypeMayContainItself() {
        Tree<String> tree = new Tree<>("root", List.of(new Tree<>("leaf", List.of())));
        assertEquals(tree, through(new TreeCodec<>(Codecs.STRING), tree));
    }

    private static <T> T through(Codec<T> codec, T value) {
        SerdeWriter out = SerdeWriter.create(16);
        codec.write(value, out);
        return codec.read(SerdeReader.of(out.parts().getFirst()));
    }
}
