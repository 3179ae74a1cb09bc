package dev.weft.serde.processor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.serde.SerdeException;
import dev.weft.serde.processor.model.Point;
import dev.weft.serde.processor.model.Shape;
import dev.weft.serde.processor.model.ShapeCodec;
import dev.weft.serde.processor.model.V1;
import dev.weft.serde.processor.model.V1_DefaultsCodec;
import dev.weft.serde.processor.model.V1_LevelCodec;
import dev.weft.serde.processor.model.V1_LogCodec;
import dev.weft.serde.processor.model.V1_OnlyFirstCodec;
import dev.weft.serde.processor.model.V1_StrictLevelCodec;
import dev.weft.serde.processor.model.V2;
import dev.weft.serde.processor.model.V2_LevelCodec;
import dev.weft.serde.processor.model.V2_LogCodec;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EvolutionTest {
    @Test
    void missingFieldsHaveTheirDefaults() {
        byte[] old = Coding.encode(V1_OnlyFirstCodec.CODEC, new V1.OnlyFirst(5));
        assertEquals(
                new V1.Defaults(
                        5,
                        7,
                        true,
                        "a \"b\" \\ ä",
                        V1.Level.HIGH,
                        V1.Level.LOW,
                        new V1.Address(""),
                        Optional.empty(),
                        List.of(),
                        new V1.Event.Opened(0)),
                Coding.decode(V1_DefaultsCodec.CODEC, old));
        assertEquals(V1_DefaultsCodec.CODEC.fromJson("{\"before\": 5}"), Coding.decode(V1_DefaultsCodec.CODEC, old));
    }

    @Test
    void casesAreKnownByNameAndNotByPosition() {
        V2.Log log = new V2.Log(List.of(new V2.Event.Opened(1, 2)), 3);
        assertEquals(
                new V1.Log(List.of(new V1.Event.Opened(1)), 3),
                Coding.decode(V1_LogCodec.CODEC, Coding.encode(V2_LogCodec.CODEC, log)));
    }

    @Test
    void anUnknownCaseIsRefusedWhereNothingKeepsIt() {
        byte[] bytes = Coding.encode(V2_LogCodec.CODEC, new V2.Log(List.of(new V2.Event.Closed("over")), 3));
        SerdeException refused = assertThrows(SerdeException.class, () -> Coding.decode(V1_LogCodec.CODEC, bytes));
        assertEquals("V1.Event has no case with the tag 0x3201cae5", refused.reason());
        assertEquals(9, refused.offset());
    }

    @Test
    void anUnknownCaseIsKeptAndWrittenAgain() {
        byte[] bytes = HexFormat.ofDelimiter(" ").parseHex("44 33 22 11 03 00 00 00 01 02 03");
        Shape shape = Coding.decode(ShapeCodec.CODEC, bytes);
        Shape.Other other = assertInstanceOf(Shape.Other.class, shape);
        assertEquals(0x11223344, other.tag());
        assertEquals(3, other.body().byteSize());
        assertArrayEquals(bytes, Coding.encode(ShapeCodec.CODEC, shape));
        Shape fromJson = ShapeCodec.CODEC.fromJson(ShapeCodec.CODEC.toJson(shape));
        assertArrayEquals(bytes, Coding.encode(ShapeCodec.CODEC, fromJson));
    }

    @Test
    void anUnknownConstantIsTheOneThatStandsForAll() {
        byte[] bytes = Coding.encode(V2_LevelCodec.CODEC, V2.Level.HIGHEST);
        assertEquals(V1.Level.OTHER, Coding.decode(V1_LevelCodec.CODEC, bytes));
    }

    @Test
    void anUnknownConstantIsRefusedWhereNoneStandsForIt() {
        byte[] bytes = Coding.encode(V2_LevelCodec.CODEC, V2.Level.HIGH);
        SerdeException refused =
                assertThrows(SerdeException.class, () -> Coding.decode(V1_StrictLevelCodec.CODEC, bytes));
        assertEquals("at 1: V1.StrictLevel has no constant 1", refused.getMessage());
    }

    @Test
    void knownCasesHaveOneMeaning() {
        Shape line = new Shape.Line(new Point(1, 2), new Point(3, 4));
        assertEquals(line, Coding.decode(ShapeCodec.CODEC, Coding.encode(ShapeCodec.CODEC, line)));
    }
}
