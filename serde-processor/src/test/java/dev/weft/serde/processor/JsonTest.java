package dev.weft.serde.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.serde.Codecs;
import dev.weft.serde.SerdeException;
import dev.weft.serde.processor.model.ColorCodec;
import dev.weft.serde.processor.model.Point;
import dev.weft.serde.processor.model.PointCodec;
import dev.weft.serde.processor.model.Shape;
import dev.weft.serde.processor.model.ShapeCodec;
import dev.weft.serde.processor.model.Tree;
import dev.weft.serde.processor.model.TreeCodec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonTest {
    @Test
    void aUnionSaysItsType() {
        assertEquals("""
                {
                  "type" : "Circle",
                  "center" : {
                    "x" : 1,
                    "y" : 2
                  },
                  "radius" : 3
                }""", ShapeCodec.CODEC.toJson(new Shape.Circle(new Point(1, 2), 3)));
    }

    @Test
    void membersComeInAnyOrderAndMayBeMissing() {
        assertEquals(new Point(0, 2), PointCodec.CODEC.fromJson("{\"y\": 2}"));
        assertEquals(new Point(1, 2), PointCodec.CODEC.fromJson("{\"y\": 2, \"x\": 1}"));
    }

    @Test
    void genericTypesAndMapsWithOtherKeysComeBack() {
        TreeCodec<Map<Point, Integer>> codec = new TreeCodec<>(Codecs.map(PointCodec.CODEC, Codecs.INT));
        Tree<Map<Point, Integer>> tree =
                new Tree<>(Map.of(new Point(1, 2), 3), List.of(new Tree<>(Map.of(), List.of())));
        assertEquals(tree, codec.fromJson(codec.toJson(tree)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"xx": 1}          | at 1: /xx: unknown key "xx"; did you mean "x"?
            {"length": 1}      | at 1: /length: unknown key "length"; known are x, y
            {"x": "1"}         | at 6: /x: expected a whole number, found string
            {"x": 1.5}         | at 6: /x: expected a whole number, found number float
            {"x": 3000000000}  | at 6: /x: 3000000000 is not between -2147483648 and 2147483647
            {"x": null}        | at 6: /x: expected a whole number, found null
            {"x": 1} {}        | at 9: text goes on after the value
            [1]                | at 0: expected an object, found start array
            """)
    void whatDoesNotFitIsRefusedWithItsPlace(String json, String message) {
        SerdeException refused = assertThrows(SerdeException.class, () -> PointCodec.CODEC.fromJson(json));
        assertEquals(message, refused.getMessage());
    }

    @Test
    void whatIsNotJsonIsRefused() {
        for (String text :
                List.of("", "{", "{\"x\": 1", "{x: 1}", "{\"x\": 1, \"x\": 2}", "{\"x\": 99999999999999999999}")) {
            assertThrows(SerdeException.class, () -> PointCodec.CODEC.fromJson(text), text);
        }
    }

    @Test
    void anUnknownNameIsRefusedWithTheNearest() {
        SerdeException constant = assertThrows(SerdeException.class, () -> ColorCodec.CODEC.fromJson("\"GREN\""));
        assertEquals("Color has no \"GREN\"; did you mean \"GREEN\"?", constant.reason());
        SerdeException name =
                assertThrows(SerdeException.class, () -> ShapeCodec.CODEC.fromJson("{\"type\": \"Cirle\"}"));
        assertEquals("/type: Shape has no \"Cirle\"; did you mean \"Circle\"?", name.reason());
        SerdeException late = assertThrows(SerdeException.class, () -> ShapeCodec.CODEC.fromJson("{\"radius\": 1}"));
        assertEquals("/radius: the first key must be \"type\"", late.reason());
    }
}
