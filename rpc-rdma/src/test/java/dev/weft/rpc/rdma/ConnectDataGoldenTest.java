package dev.weft.rpc.rdma;

import static dev.weft.rpc.rdma.Hex.assertBytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.rdma.ConnectData.Answer;
import dev.weft.rpc.rdma.ConnectData.Kind;
import dev.weft.rpc.rdma.ConnectData.Reply;
import dev.weft.rpc.rdma.ConnectData.Request;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of version 1, as {@code docs/protocol/rdma.md} draws them. */
final class ConnectDataGoldenTest {
    private static final String REQUEST = """
            57465231 01 01 00 01      # WFR1, version 1, NEW, rail 0, can do immediate data
            efcdab8967452301          # id of the connection, more significant half
            1032547698badcfe          # less significant half
            2000 0000 00200000        # 32 buffers, device 0, of 8192 bytes
            00000004 00000400         # longest message 64 MiB, asks before 256 KiB
            00000000 ffffffff         # epoch 0, there was none before
            00000000 00000000         # and nothing was received; zero
            """;

    private static final String JOIN = """
            57465231 01 02 01 00      # WFR1, version 1, JOIN, rail 1, no immediate data
            efcdab8967452301
            1032547698badcfe
            2000 0300 00200000        # device 3
            00000004 00000000         # no permits
            05000000 04000000         # epoch 5, after 4
            2a000000 00000000         # over which 42 buffers came; zero
            """;

    private static final String REPLY = """
            57465231 01 00 02 01      # WFR1, version 1, ACCEPTED, two addresses, can do immediate data
            1000 0200 00100000        # 16 buffers, device 2, of 4096 bytes
            00000004 00000400         # longest message 64 MiB, asks before 256 KiB
            07000000                  # 7 buffers came over the last queue pair of the rail
            0000000000000000          # zero
            04 0a000002 000000000000000000000000    # 10.0.0.2
            10 fd000000000000000000000000000002     # fd00::2
            """;

    private static final String REFUSAL = """
            57465231 01 01 00 00      # UNKNOWN_CONNECTION
            0800 0000 00020000
            00040000 00000000
            00000000 0000000000000000
            """;

    private static final long MOST = 0x0123_4567_89AB_CDEFL;
    private static final long LEAST = 0xFEDC_BA98_7654_3210L;

    private static final Request NEW_REQUEST =
            new Request(Kind.NEW, 0, 0, true, MOST, LEAST, 32, 8192, 64 << 20, 256 << 10, 0, ConnectData.NO_EPOCH, 0);

    @Test
    void requestForANewConnectionHasItsBytes() throws Exception {
        assertBytes(REQUEST, NEW_REQUEST.toBytes());
        assertEquals(NEW_REQUEST, Request.read(Hex.bytes(REQUEST)));
    }

    @Test
    void requestToJoinHasItsBytes() throws Exception {
        Request join = new Request(Kind.JOIN, 1, 3, false, MOST, LEAST, 32, 8192, 64 << 20, 0, 5, 4, 42);
        assertBytes(JOIN, join.toBytes());
        assertEquals(join, Request.read(Hex.bytes(JOIN)));
    }

    @Test
    void replyHasItsBytes() throws Exception {
        Reply reply = new Reply(
                Answer.ACCEPTED,
                2,
                true,
                16,
                4096,
                64 << 20,
                256 << 10,
                7,
                List.of(InetAddress.ofLiteral("10.0.0.2"), InetAddress.ofLiteral("fd00::2")));
        assertBytes(REPLY, reply.toBytes());
        assertEquals(reply, Reply.read(Hex.bytes(REPLY)));
    }

    @Test
    void refusalHasItsBytes() throws Exception {
        assertBytes(REFUSAL, Reply.refusal(Answer.UNKNOWN_CONNECTION).toBytes());
        assertEquals(Answer.UNKNOWN_CONNECTION, Reply.read(Hex.bytes(REFUSAL)).answer());
    }

    /** Connection managers pad what they carry. */
    @Test
    void whatFollowsIsIgnored() throws Exception {
        assertEquals(NEW_REQUEST, Request.read(Arrays.copyOf(Hex.bytes(REQUEST), 92)));
        assertEquals(
                2, Reply.read(Arrays.copyOf(Hex.bytes(REPLY), 196)).addresses().size());
    }

    /** The connection manager of InfiniBand carries 56 bytes of a request and 196 of a reply. */
    @Test
    void dataFitsIntoWhatConnectionManagersCarry() throws Exception {
        assertEquals(56, NEW_REQUEST.toBytes().length);
        List<InetAddress> most = java.util.Collections.nCopies(Rail.RAILS_MAX, InetAddress.ofLiteral("::1"));
        Reply reply = new Reply(Answer.ACCEPTED, 0, true, 8, 512, 1024, 0, 0, most);
        assertTrue(reply.toBytes().length <= 196, "bytes " + reply.toBytes().length);
        assertEquals(reply, Reply.read(reply.toBytes()));
    }

    @Test
    void aFieldThatCannotBeIsNamedWithItsBounds() {
        assertMessage("version of 2 is not in 1..1", requestWith(4, 2));
        assertMessage("connect kind of 3 is not in 1..2", requestWith(5, 3));
        assertMessage("rail of 8 is not in 0..7", requestWith(6, 8));
        assertMessage("rail of -1 is not in 0..7", requestWith(6, 0xFF));
        assertMessage("ring buffers of 7 is not in 8..1024", requestWith(24, 7));
        assertMessage("buffer bytes of 8396800 is not in 512..65536", requestWith(30, 0x80));
        assertMessage("epoch of -16777216 is not in 0..2147483647", requestWith(43, 0xFF));
        assertMessage("last epoch of 0 is not in -1..-1", requestWith(44, 0, 0, 0, 0));
        assertMessage("bytes of connect data of 51 is not in 52..2147483647", Arrays.copyOf(Hex.bytes(REQUEST), 51));
        assertMessage("connect data begins with 31524656 instead of 31524657", requestWith(0, 0x56));
    }

    @Test
    void anAddressOfAnotherLengthIsRefused() {
        byte[] bytes = Hex.bytes(REPLY);
        bytes[36] = 7;
        BadFrameException refused = assertThrows(BadFrameException.class, () -> Reply.read(bytes));
        assertEquals("address of 7 bytes instead of 4 or 16", refused.getMessage());
    }

    private static byte[] requestWith(int at, int... values) {
        byte[] bytes = Hex.bytes(REQUEST);
        for (int i = 0; i < values.length; i++) {
            bytes[at + i] = (byte) values[i];
        }
        return bytes;
    }

    private static void assertMessage(String expected, byte[] request) {
        assertEquals(
                expected,
                assertThrows(BadFrameException.class, () -> Request.read(request))
                        .getMessage());
    }
}
