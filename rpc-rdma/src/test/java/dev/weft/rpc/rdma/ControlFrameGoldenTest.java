package dev.weft.rpc.rdma;

import static dev.weft.rpc.rdma.Hex.assertBytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.rdma.ControlFrame.Answer;
import dev.weft.rpc.rdma.ControlFrame.Offer;
import dev.weft.rpc.rdma.ControlFrame.RailEnd;
import dev.weft.rpc.spi.MessageKind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The bytes of version 1, as {@code docs/protocol/rdma.md} draws them. */
final class ControlFrameGoldenTest {
    private static final String KEYS = """
            02000000                  # two devices
            00000000 11111111         # key for device 0
            03000000 22222222         # key for device 3
            """;

    static final String GRANT = """
            2c000000 11 00 0000       # body of 44 bytes, GRANT
            efcdab8967452301          # key of the grant
            79e19ba4 00000000
            00 03 0000 00000000       # given, for READ_WRITE
            0010000000000000          # address 4096
            0000200000000000          # of 2 MiB
            """ + KEYS;

    static final String REFUSED_GRANT = """
            03000000 11 00 0000
            efcdab8967452301
            1ce15767 00000000
            0f 6e6f                   # REMOTE_MEMORY_REFUSED, "no"
            """;

    static final String RELEASED = """
            04000000 13 00 0000
            efcdab8967452301
            466800f7 00000000
            02000000                  # what was opened twice
            """;

    static final String LARGE = """
            30000000 14 00 0000       # body of 48 bytes, LARGE
            efcdab8967452301          # id of the message
            855c1982 00000000
            0700000000000000          # handle 7
            0010000000000000          # address 4096
            00001000 01000000         # 1 MiB, REQUEST
            04030201                  # CRC of the message
            """ + KEYS;

    static final String PERMIT_ASK = """
            08000000 16 00 0000
            0500000000000000          # ticket 5
            b482244c 00000000
            0000100000000000          # 1 MiB
            """;

    static final String RAIL_ENDED = """
            08000000 19 00 0000
            02000000 01000000         # epoch 2 of rail 1
            87296b51 00000000
            2a00000000000000          # 42 buffers were received
            """;

    static final String BYE = """
            04000000 1a 00 0000
            0000000000000000
            cb203605 00000000
            646f6e65                  # "done"
            """;

    private static final long KEY = 0x0123_4567_89AB_CDEFL;

    private static MemoryKeys keys() {
        return new MemoryKeys(new int[] {0, 3}, new int[] {0x1111_1111, 0x2222_2222});
    }

    private static ByteBuffer body(String frame) {
        byte[] bytes = Hex.bytes(frame);
        return ControlFrame.body(bytes, 0, bytes.length - MessageHeader.BYTES);
    }

    @Test
    void framesWithoutABodyHaveTheirBytes() {
        assertPlain("10", ControlFrame.OPEN);
        assertPlain("12", ControlFrame.REVOKE);
        assertPlain("15", ControlFrame.LARGE_DONE);
        assertPlain("17", ControlFrame.PERMIT);
        assertPlain("18", ControlFrame.PERMIT_DONE);
        assertPlain("1b", ControlFrame.HELLO);
    }

    private static void assertPlain(String kind, byte value) {
        assertBytes("00000000" + kind + "000000 efcdab8967452301 00000000 00000000", ControlFrame.plain(value, KEY));
    }

    @Test
    void grantHasItsBytes() throws Exception {
        assertBytes(GRANT, ControlFrame.grant(KEY, 4096, 2 << 20, Access.READ_WRITE, keys()));
        var given = assertInstanceOf(Answer.Given.class, ControlFrame.readGrant(body(GRANT)));
        assertEquals(4096, given.address());
        assertEquals(2 << 20, given.length());
        assertEquals(Access.READ_WRITE, given.access());
        assertKeys(given.keys());
    }

    @Test
    void refusedGrantHasItsBytes() throws Exception {
        assertBytes(REFUSED_GRANT, ControlFrame.refuseGrant(KEY, StatusCode.REMOTE_MEMORY_REFUSED.wireValue(), "no"));
        assertEquals(new Answer.Refused(15, "no"), ControlFrame.readGrant(body(REFUSED_GRANT)));
    }

    @Test
    void releasedHasItsBytes() throws Exception {
        assertBytes(RELEASED, ControlFrame.released(KEY, 2));
        assertEquals(2, ControlFrame.readReleased(body(RELEASED)));
    }

    @Test
    void largeHasItsBytes() throws Exception {
        assertBytes(
                LARGE, ControlFrame.large(KEY, new Offer(7, 4096, 1 << 20, MessageKind.REQUEST, 0x01020304, keys())));
        Offer offer = ControlFrame.readLarge(body(LARGE), 1 << 20);
        assertEquals(7, offer.handle());
        assertEquals(4096, offer.address());
        assertEquals(1 << 20, offer.length());
        assertEquals(MessageKind.REQUEST, offer.kind());
        assertEquals(0x01020304, offer.crc());
        assertKeys(offer.keys());
    }

    @Test
    void permitAskHasItsBytes() throws Exception {
        assertBytes(PERMIT_ASK, ControlFrame.permitAsk(5, 1 << 20));
        assertEquals(1 << 20, ControlFrame.readPermitAsk(body(PERMIT_ASK)));
    }

    @Test
    void railEndedHasItsBytes() throws Exception {
        assertBytes(RAIL_ENDED, ControlFrame.railEnded(1, 2, 42));
        assertEquals(
                new RailEnd(1, 2, 42),
                ControlFrame.readRailEnded(MessageHeader.id(Hex.bytes(RAIL_ENDED), 0), body(RAIL_ENDED)));
    }

    @Test
    void byeHasItsBytes() {
        assertBytes(BYE, ControlFrame.bye("done"));
        assertEquals("done", ControlFrame.text(body(BYE)));
    }

    @Test
    void aFieldThatCannotBeIsNamedWithItsBounds() {
        assertMessage("bytes of GRANT of 0 is not in 1..2147483647", () -> ControlFrame.readGrant(part(GRANT, 0)));
        assertMessage("bytes of GRANT of 27 is not in 28..2147483647", () -> ControlFrame.readGrant(part(GRANT, 27)));
        assertMessage("bytes of keys of 8 is not in 16..2147483647", () -> ControlFrame.readGrant(part(GRANT, 36)));
        assertMessage("devices with keys of 9 is not in 0..8", () -> ControlFrame.readGrant(changed(GRANT, 24, 9)));
        assertMessage("access of 4 is not in 1..3", () -> ControlFrame.readGrant(changed(GRANT, 1, 4)));
        assertMessage(
                "length of granted memory of -9223372036852678656 is not in 0..9223372036854775807",
                () -> ControlFrame.readGrant(changed(GRANT, 23, 0x80)));
        assertMessage(
                "bytes of RELEASED of 3 is not in 4..2147483647", () -> ControlFrame.readReleased(part(RELEASED, 3)));
        assertMessage(
                "released opens of -2147483646 is not in 0..2147483647",
                () -> ControlFrame.readReleased(changed(RELEASED, 3, 0x80)));
        assertMessage(
                "bytes of LARGE of 31 is not in 32..2147483647",
                () -> ControlFrame.readLarge(part(LARGE, 31), 1 << 20));
        assertMessage(
                "long message's length of 1048576 is not in 0..1048575",
                () -> ControlFrame.readLarge(body(LARGE), (1 << 20) - 1));
        assertMessage(
                "long message's kind of 257 is not in 1..9",
                () -> ControlFrame.readLarge(changed(LARGE, 21, 1), 1 << 20));
        assertMessage(
                "bytes to be permitted of -1 is not in 0..9223372036854775807",
                () -> ControlFrame.readPermitAsk(ByteBuffer.allocate(8).putLong(0, -1)));
        assertMessage("rail of 8 is not in 0..7", () -> ControlFrame.readRailEnded(8L << 32, body(RAIL_ENDED)));
        assertMessage(
                "bytes of RAIL_ENDED of 7 is not in 8..2147483647",
                () -> ControlFrame.readRailEnded(0, part(RAIL_ENDED, 7)));
    }

    private static ByteBuffer part(String frame, int bytes) {
        return ControlFrame.body(Arrays.copyOf(Hex.bytes(frame), MessageHeader.BYTES + bytes), 0, bytes);
    }

    private static ByteBuffer changed(String frame, int at, int value) {
        return body(frame).put(MessageHeader.BYTES + at, (byte) value);
    }

    private static void assertMessage(String expected, Executable reading) {
        assertEquals(expected, assertThrows(BadFrameException.class, reading).getMessage());
    }

    private static void assertKeys(MemoryKeys read) {
        assertArrayEquals(keys().ordinals(), read.ordinals());
        assertArrayEquals(keys().rkeys(), read.rkeys());
    }
}
