package dev.weft.rpc.rdma;

import static dev.weft.rpc.rdma.Hex.assertBytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.spi.MessageKind;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The bytes of version 1, as {@code docs/protocol/rdma.md} draws them. */
final class MessageHeaderGoldenTest {
    private static final String FRAME = """
            03000000 01 00 0000       # body of 3 bytes, REQUEST, zero
            efcdab8967452301          # id
            1ef230f1 00000000         # CRC32C of the body, zero
            010203
            """;

    @Test
    void headerHasItsBytes() {
        byte[] frame = new byte[MessageHeader.BYTES + 3];
        Arrays.fill(frame, (byte) 0xFF); // what was there before does not matter
        frame[24] = 1;
        frame[25] = 2;
        frame[26] = 3;
        MessageHeader.fillIn(frame, frame.length, MessageKind.REQUEST, 0x0123_4567_89AB_CDEFL);
        assertBytes(FRAME, frame);
    }

    @Test
    void headerIsUnderstoodWhereverItStands() throws Exception {
        byte[] frames = Hex.bytes("ffffffffff" + FRAME + "ffff");
        assertEquals(3, MessageHeader.bodyBytes(frames, 5));
        assertEquals(MessageKind.REQUEST, MessageHeader.kind(frames, 5));
        assertEquals(0x0123_4567_89AB_CDEFL, MessageHeader.id(frames, 5));
        assertTrue(MessageHeader.isIntact(frames, 5, 3));
        frames[5 + 25] ^= 1;
        assertFalse(MessageHeader.isIntact(frames, 5, 3));
    }

    @Test
    void aBodyThatIsNotThereIsRefused() {
        byte[] frame = Hex.bytes(FRAME);
        assertEquals("bytes of a frame of 23 is not in 24..2147483647", refusal(Arrays.copyOf(frame, 23), 0));
        assertEquals("bytes of a frame of 17 is not in 24..2147483647", refusal(frame, 10));
        assertEquals("body length of 3 is not in 0..2", refusal(Arrays.copyOf(frame, 26), 0));
        frame[3] = (byte) 0x80;
        assertEquals("body length of -2147483645 is not in 0..3", refusal(frame, 0));
    }

    private static String refusal(byte[] frames, int at) {
        return String.valueOf(assertThrows(BadFrameException.class, () -> MessageHeader.bodyBytes(frames, at))
                .getMessage());
    }

    @Test
    void wordInABufferHasItsBytes() {
        try (Arena arena = Arena.ofConfined()) {
            var memory = arena.allocate(16);
            MessageHeader.putWord(memory, 8, 0x0100_002A);
            assertBytes("2a 00 00 01", memory.asSlice(8, 4).toArray(ValueLayout.JAVA_BYTE));
            assertEquals(0x0100_002A, MessageHeader.word(memory, 8));
        }
    }
}
