package dev.weft.serde.processor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.serde.Codec;
import dev.weft.serde.Codecs;
import dev.weft.serde.Nothing;
import dev.weft.serde.processor.model.Color;
import dev.weft.serde.processor.model.ColorCodec;
import dev.weft.serde.processor.model.Pair;
import dev.weft.serde.processor.model.PairCodec;
import dev.weft.serde.processor.model.Point;
import dev.weft.serde.processor.model.PointCodec;
import dev.weft.serde.processor.model.Shape;
import dev.weft.serde.processor.model.ShapeCodec;
import dev.weft.serde.processor.model.Tree;
import dev.weft.serde.processor.model.TreeCodec;
import dev.weft.serde.processor.model.V2;
import dev.weft.serde.processor.model.V2_AccountCodec;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The bytes that docs/protocol/serde.md promises, one test per kind of type; all of it is little-endian. */
final class GoldenBytesTest {
    @Test
    void primitives() {
        check(Codecs.BOOLEAN, true, "01");
        check(Codecs.BOOLEAN, false, "00");
        check(Codecs.BYTE, (byte) -2, "fe");
        check(Codecs.SHORT, (short) 0x1234, "34 12");
        check(Codecs.CHAR, '€', "ac 20");
        check(Codecs.INT, 0x12345678, "78 56 34 12");
        check(Codecs.INT, -1, "ff ff ff ff");
        check(Codecs.LONG, 0x0123456789ABCDEFL, "ef cd ab 89 67 45 23 01");
        check(Codecs.FLOAT, 1.5f, "00 00 c0 3f");
        check(Codecs.DOUBLE, -2.0, "00 00 00 00 00 00 00 c0");
    }

    @Test
    void textAndBytes() {
        check(Codecs.STRING, "", "00");
        check(Codecs.STRING, "weft", "04 'weft'");
        check(Codecs.STRING, "ä€🚀", "09 c3a4 e282ac f09f9a80"); // the count is of bytes
        check(Codecs.STRING, "x".repeat(130), "82 01" + " 78".repeat(130)); // a count over 127 takes two bytes
        check(Codecs.BYTES, new byte[] {1, 2, 3}, "03 01 02 03");
        check(Codecs.SEGMENT, MemorySegment.ofArray(new byte[] {4, 5}), "02 04 05");
    }

    @Test
    void timeAndIdentity() {
        check(
                Codecs.DURATION,
                Duration.ofMillis(-500),
                "ff ff ff ff ff ff ff ff", // seconds, rounded down
                "00 65 cd 1d"); // nanoseconds: 500,000,000
        check(Codecs.INSTANT, Instant.ofEpochSecond(1, 2), "01 00 00 00 00 00 00 00", "02 00 00 00");
        check(
                Codecs.UUID,
                UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"),
                "77 66 55 44 33 22 11 00", // most significant half
                "ff ee dd cc bb aa 99 88"); // least significant half
    }

    @Test
    void optionals() {
        check(Codecs.optional(Codecs.SHORT), Optional.of((short) 5), "01 05 00");
        check(Codecs.optional(Codecs.SHORT), Optional.empty(), "00");
        check(Codecs.OPTIONAL_INT, OptionalInt.of(1), "01 01 00 00 00");
        check(Codecs.OPTIONAL_LONG, OptionalLong.of(1), "01 01 00 00 00 00 00 00 00");
        check(Codecs.OPTIONAL_DOUBLE, OptionalDouble.empty(), "00");
        check(Codecs.NOTHING, Nothing.NOTHING, "");
    }

    @Test
    void collectionsKeepTheirOrder() {
        check(Codecs.list(Codecs.BYTE), List.of((byte) 3, (byte) 1), "02 03 01");
        check(Codecs.set(Codecs.BYTE), new LinkedHashSet<>(List.of((byte) 9, (byte) 8)), "02 09 08");
        Map<String, Byte> map = new LinkedHashMap<>();
        map.put("b", (byte) 1);
        map.put("a", (byte) 2);
        check(Codecs.map(Codecs.STRING, Codecs.BYTE), map, "02", "01 'b' 01", "01 'a' 02");
        assertEquals(
                List.of("b", "a"),
                new ArrayList<>(Coding.decode(Codecs.map(Codecs.STRING, Codecs.BYTE), hex("02 01 'b' 01 01 'a' 02"))
                        .keySet()));
        check(Codecs.list(Codecs.set(Codecs.BYTE)), List.of(Set.of(), Set.of((byte) 7)), "02 00 01 07");
    }

    @Test
    void enums() {
        check(ColorCodec.CODEC, Color.RED, "00");
        check(ColorCodec.CODEC, Color.BLUE, "02");
    }

    @Test
    void aRecordIsATable() {
        check(
                PointCodec.CODEC,
                new Point(1, 2),
                "08 00 00 00", // length of what follows
                "01 00 00 00", // x
                "02 00 00 00"); // y
    }

    @Test
    void aRecordOfEverySort() {
        check(
                V2_AccountCodec.CODEC,
                new V2.Account(
                        1, "ann", new V2.Address("s", "c"), List.of(new V2.Address("", "")), 2, Optional.of("n"), 3),
                "26 00 00 00", // length: 38
                "01 00 00 00 00 00 00 00", // id
                "03 'ann'", // name
                "04 00 00 00 01 's' 01 'c'", // address
                "01", // others: one
                "02 00 00 00 00 00", // its two empty strings
                "02 00 00 00", // last
                "01 01 'n'", // note
                "03 00 00 00"); // priority
    }

    @Test
    void genericRecords() {
        check(
                new PairCodec<>(Codecs.STRING, PointCodec.CODEC),
                new Pair<>("a", new Point(1, 2), List.of()),
                "0f 00 00 00", // length: 15
                "01 'a'", // first
                "08 00 00 00 01 00 00 00 02 00 00 00", // second
                "00"); // more: none
        check(
                new TreeCodec<>(Codecs.BYTE),
                new Tree<>((byte) 1, List.of(new Tree<>((byte) 2, List.of()))),
                "08 00 00 00 01 01", // length, value, one child
                "02 00 00 00 02 00"); // the child, without children
    }

    @Test
    void aUnionIsATagAndTheTableOfTheCase() {
        check(
                ShapeCodec.CODEC,
                new Shape.Circle(new Point(1, 2), 3),
                "a9 46 27 81", // FNV-1a of "Circle"
                "10 00 00 00", // length: 16
                "08 00 00 00 01 00 00 00 02 00 00 00", // center
                "03 00 00 00"); // radius
        check(
                ShapeCodec.CODEC,
                new Shape.Line(new Point(0, 0), new Point(0, 1)),
                "07 00 00 00", // @Tag(7)
                "18 00 00 00",
                "08 00 00 00 00 00 00 00 00 00 00 00",
                "08 00 00 00 00 00 00 00 01 00 00 00");
    }

    /** Both ways: the value is written as these bytes, and these bytes are read as a value that is written so. */
    private static <T> void check(Codec<T> codec, T value, String... expected) {
        byte[] bytes = hex(expected);
        assertEquals(HexFormat.of().formatHex(bytes), HexFormat.of().formatHex(Coding.encode(codec, value)));
        assertArrayEquals(bytes, Coding.encode(codec, Coding.decode(codec, bytes)));
    }

    /** Hex digits, and ASCII text between apostrophes. */
    private static byte[] hex(String... parts) {
        StringBuilder digits = new StringBuilder();
        String[] pieces = String.join(" ", parts).split("'", -1);
        for (int i = 0; i < pieces.length; i++) {
            if (i % 2 == 0) {
                digits.append(pieces[i].replace(" ", ""));
            } else {
                pieces[i].chars().forEach(c -> digits.append(HexFormat.of().toHexDigits((byte) c)));
            }
        }
        return HexFormat.of().parseHex(digits);
    }
}
