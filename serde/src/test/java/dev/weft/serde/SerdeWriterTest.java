package dev.weft.serde;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SerdeWriterTest {
    @Test
    void growsAsNeeded() {
        SerdeWriter out = SerdeWriter.create(0);
        for (int i = 0; i < 1000; i++) {
            out.putInt(i);
        }
        assertEquals(4000, out.size());
        SerdeReader in = SerdeReader.of(out.parts().getFirst());
        for (int i = 0; i < 1000; i++) {
            assertEquals(i, in.getInt());
        }
        assertEquals(0, in.remaining());
    }

    @Test
    void overwritesWhatWasWritten() {
        SerdeWriter out = SerdeWriter.create(16);
        int at = out.arrayLength();
        out.putInt(0);
        out.putByte((byte) 9);
        out.setInt(at, 0x01020304);
        assertArrayEquals(new byte[] {4, 3, 2, 1, 9}, out.toByteArray());
    }

    @Test
    void copiesSmallSegments() {
        SerdeWriter out = SerdeWriter.create(16);
        out.putSegment(MemorySegment.ofArray(new byte[SerdeWriter.ATTACH_BYTES_MIN - 1]));
        assertFalse(out.hasAttachments());
        assertEquals(1, out.parts().size());
    }

    @Test
    void attachesLargeSegmentsWithoutCopying() {
        MemorySegment large = Arena.ofAuto().allocate(SerdeWriter.ATTACH_BYTES_MIN);
        SerdeWriter out = SerdeWriter.create(16);
        out.putByte((byte) 1);
        int table = out.claim(4);
        out.putSegment(large);
        out.putByte((byte) 2);
        out.putSegment(large);
        out.endTable(table);
        List<MemorySegment> parts = out.parts();
        assertEquals(4, parts.size());
        assertSame(large, parts.get(1));
        assertSame(large, parts.get(3));
        // One byte, length of the table, and three bytes of count.
        assertEquals(8, parts.get(0).byteSize());
        assertEquals(1 + 4 + 3 + large.byteSize() + 1 + 3 + large.byteSize(), out.size());

        SerdeReader in = SerdeReader.of(MemorySegment.ofArray(out.toByteArray()));
        assertEquals(1, in.getByte());
        int outer = in.enterTable();
        assertEquals(large.byteSize(), in.getSegment().byteSize());
        assertEquals(2, in.getByte());
        assertEquals(large.byteSize(), in.getSegment().byteSize());
        assertFalse(in.hasMore());
        in.leaveTable(outer);
        assertEquals(0, in.remaining());
    }

    @Test
    void aTableThatBeginsAfterAnAttachmentDoesNotCountIt() {
        SerdeWriter out = SerdeWriter.create(16);
        out.putSegment(MemorySegment.ofArray(new byte[SerdeWriter.ATTACH_BYTES_MIN]));
        int table = out.claim(4);
        out.putByte((byte) 1);
        out.endTable(table);
        SerdeReader in = SerdeReader.of(MemorySegment.ofArray(out.toByteArray()));
        in.getSegment();
        assertEquals(1, in.getTable().byteSize());
    }

    @Test
    void resetForgetsAllButTheArray() {
        SerdeWriter out = SerdeWriter.create(16);
        out.putSegment(MemorySegment.ofArray(new byte[SerdeWriter.ATTACH_BYTES_MIN]));
        byte[] array = out.array();
        out.reset();
        assertEquals(0, out.size());
        assertFalse(out.hasAttachments());
        assertSame(array, out.array());
        out.putByte((byte) 1);
        assertArrayEquals(new byte[] {1}, out.toByteArray());
    }

    @Test
    void refusesHalfASurrogatePair() {
        SerdeWriter out = SerdeWriter.create(16);
        SerdeException refused = assertThrows(SerdeException.class, () -> out.putString("a\uD83D"));
        assertEquals("string has an unpaired surrogate", refused.reason());
    }

    @Test
    void writesLongAndMixedStrings() {
        for (String text : List.of("a".repeat(100_000), "a".repeat(127) + "ä", "ä".repeat(64), "\uFFFD\u0000")) {
            SerdeWriter out = SerdeWriter.create(0);
            out.putString(text);
            assertEquals(text, SerdeReader.of(out.parts().getFirst()).getString());
        }
    }
}
