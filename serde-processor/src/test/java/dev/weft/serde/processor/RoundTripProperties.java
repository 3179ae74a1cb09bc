package dev.weft.serde.processor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.serde.processor.model.Everything;
import dev.weft.serde.processor.model.EverythingCodec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

final class RoundTripProperties {
    private static final EverythingCodec CODEC = EverythingCodec.CODEC;

    @Property(tries = 500)
    void bytesComeBackFromEveryKindOfMemory(@ForAll long seed) {
        byte[] bytes = Coding.encode(CODEC, EverythingSamples.of(seed));
        assertArrayEquals(bytes, Coding.encode(CODEC, Coding.decode(CODEC, bytes)));
        assertArrayEquals(bytes, Coding.encode(CODEC, Coding.decodeSlice(CODEC, bytes)));
        assertArrayEquals(bytes, Coding.encode(CODEC, Coding.decodeNative(CODEC, bytes)));
    }

    @Property(tries = 500)
    void whatComesBackMeansTheSame(@ForAll long seed) {
        Everything value = EverythingSamples.of(seed);
        Everything back = Coding.decode(CODEC, Coding.encode(CODEC, value));
        assertEquals(CODEC.toJson(value), CODEC.toJson(back));
        assertEquals(value.points(), back.points());
        assertEquals(value.words(), back.words());
        assertEquals(value.numbers(), back.numbers());
        assertEquals(value.pair(), back.pair());
        assertEquals(value.text(), back.text());
    }

    @Property(tries = 500)
    void jsonComesBack(@ForAll long seed) {
        Everything value = EverythingSamples.of(seed);
        Everything back = CODEC.fromJson(CODEC.toJson(value));
        assertArrayEquals(Coding.encode(CODEC, value), Coding.encode(CODEC, back));
    }

    @Property(tries = 200)
    void noValueIsShorterThanItsCodecSays(@ForAll long seed) {
        assertTrue(Coding.encode(CODEC, EverythingSamples.of(seed)).length >= CODEC.minimumSize());
    }
}
