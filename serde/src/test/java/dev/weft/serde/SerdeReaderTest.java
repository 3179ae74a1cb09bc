package dev.weft.serde;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SerdeReaderTest {
    @Test
    void readsEveryKindOfMemory() {
        MemorySegment array = MemorySegment.ofArray(new byte[64]).asSlice(3, 40);
        for (MemorySegment memory : List.of(
                array,
                array.asReadOnly(),
                Arena.ofAuto().allocate(43).asSlice(3),
                MemorySegment.ofArray(new long[5]))) {
            if (!memory.isReadOnly()) {
                byte[] bytes = HexFormat.of()
                        .parseHex("ff" + "0102" + "03040506" + "0708090a0b0c0d0e" + "036162ff" + "02c3a4");
                MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
            }
            SerdeReader in = SerdeReader.of(memory);
            assertEquals(-1, in.getByte());
            assertEquals(0x0201, in.getShort());
            assertEquals(0x06050403, in.getInt());
            assertEquals(0x0e0d0c0b0a090807L, in.getLong());
            assertEquals(15, in.position());
            assertArrayEquals(new byte[] {0x61, 0x62, -1}, in.getBytes());
            assertEquals("ä", in.getString());
            assertEquals(memory.byteSize() - 22, in.remaining());
        }
    }

    @Test
    void aSegmentIsAViewOfTheMessage() {
        byte[] bytes = {2, 5, 6};
        MemorySegment view = SerdeReader.of(MemorySegment.ofArray(bytes)).getSegment();
        bytes[1] = 7;
        assertEquals(7, view.get(ValueLayout.JAVA_BYTE, 0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            02       | at 1: boolean is 2
            ''       | at 0: needs 1 bytes, 0 remain
            """)
    void refusesABoolean(String hex, String message) {
        assertRefused(message, hex, SerdeReader::getBoolean);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            05 61          | at 1: needs 5 bytes, 1 remain
            ffffffff07 61  | at 5: needs 2147483647 bytes, 1 remain
            ffffffff0f     | at 5: count exceeds 2147483647
            8080808080     | at 5: count exceeds 2147483647
            01 ff          | at 1: string of 1 bytes is not UTF-8
            02 c3 28       | at 1: string of 2 bytes is not UTF-8
            03 ed a0 80    | at 1: string of 3 bytes is not UTF-8
            """)
    void refusesAString(String hex, String message) {
        assertRefused(message, hex, SerdeReader::getString);
    }

    @Test
    void acceptsTheReplacementCharacterItself() {
        assertEquals("\uFFFD", reader("03 ef bf bd").getString());
    }

    @Test
    void refusesTimesOutOfRange() {
        assertRefused("at 12: nanoseconds are 1000000000", "0000000000000000 00ca9a3b", SerdeReader::getDuration);
        assertRefused("at 12: nanoseconds are -1", "0000000000000000 ffffffff", SerdeReader::getInstant);
        assertRefused(
                "at 12: instant of 9223372036854775807 s is out of range",
                "ffffffffffffff7f 00000000",
                SerdeReader::getInstant);
    }

    @Test
    void refusesMoreElementsThanBytes() {
        assertRefused("at 5: needs 8589934584 bytes, 0 remain", "ffffffff03", in -> in.getCount(8));
    }

    @Test
    void refusesATableThatIsLongerThanWhatIsAroundIt() {
        assertRefused("at 4: needs 4294967295 bytes, 0 remain", "ffffffff", SerdeReader::enterTable);
        assertRefused("at 8: needs 5 bytes, 1 remain", "05000000 05000000 00 00", in -> {
            in.enterTable();
            return in.enterTable();
        });
    }

    @Test
    void refusesTablesThatNestTooDeep() {
        assertRefused(
                "at 12: records nest deeper than 2", "08000000 04000000 00000000", new SerdeLimits(2, 100), in -> {
                    in.enterTable();
                    in.enterTable();
                    return in.enterTable();
                });
    }

    @Test
    void refusesAMessageThatIsTooLong() {
        MemorySegment message = MemorySegment.ofArray(new byte[11]);
        SerdeException refused =
                assertThrows(SerdeException.class, () -> SerdeReader.of(message, new SerdeLimits(1, 10)));
        assertEquals("at 0: message of 11 bytes exceeds 10", refused.getMessage());
    }

    private interface Reading {
        Object from(SerdeReader in);
    }

    private static void assertRefused(String message, String hex, Reading reading) {
        assertRefused(message, hex, SerdeLimits.DEFAULT, reading);
    }

    private static void assertRefused(String message, String hex, SerdeLimits limits, Reading reading) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        SerdeReader in = SerdeReader.of(MemorySegment.ofArray(bytes), limits);
        assertEquals(
                message,
                assertThrows(SerdeException.class, () -> reading.from(in)).getMessage());
    }

    private static SerdeReader reader(String hex) {
        return SerdeReader.of(MemorySegment.ofArray(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }
}
