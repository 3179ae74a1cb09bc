package dev.weft.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.MessageKind;
import dev.weft.serde.Codecs;
import dev.weft.serde.SerdeException;
import dev.weft.serde.SerdeWriter;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of streams, as {@code docs/protocol/rpc.md} draws them. */
final class StreamWireGoldenTest {
    private static final StreamConfig LIMITS = new StreamConfig(256, 1 << 20, 1, Duration.ofSeconds(1));

    @Test
    void requestSaysItsStreamsAndGrantsCredit() {
        Method<Object, String, String> method = new Method<>(
                "test.Service",
                "trade",
                0x0807060504030201L,
                Codecs.STRING,
                Codecs.STRING,
                false,
                List.of(),
                new Method.Streams<>(Codecs.INT, Codecs.LONG, (service, request, in, out) -> request));
        CallConfig config = new CallConfig(1 << 20, 1, CallConfig.NO_COMPRESSION, LIMITS);
        assertBytes("""
                0102030405060708            # method
                61                          # timeout, reads items, writes items
                00e1f50500000000            # timeout, 100 ms
                0001000000000000            # credit: 256 items
                0000100000000000            # and 1 MiB
                02 6869                     # "hi"
                """, RequestEncoder.encode(method, "hi", Context.current(), 100_000_000, 0, config));
    }

    @Test
    void itemHasItsNumber() {
        SerdeWriter item = StreamWire.item(258, "abc", Codecs.STRING, 0, CallConfig.NO_COMPRESSION);
        assertBytes("""
                0201000000000000            # number 258
                00                          # flags
                03 616263                   # "abc"
                """, item);
        assertEquals("abc", StreamWire.item(message(item.toByteArray()), Codecs.STRING, 100));
        assertEquals(258, StreamWire.count(message(item.toByteArray())));
    }

    @Test
    void compressedItemSaysSo() {
        String zeros = "0".repeat(1000);
        byte[] item = StreamWire.item(1, zeros, Codecs.STRING, 0, 100).toByteArray();
        assertEquals("010000000000000010ea030000", HexFormat.of().formatHex(item, 0, 13));
        assertEquals(zeros, StreamWire.item(message(item), Codecs.STRING, 2000));
    }

    @Test
    void endSaysHowManyThereWere() {
        assertBytes("0300000000000000 # three items", StreamWire.end(3, 0));
    }

    @Test
    void creditIsOfTheWholeStream() {
        SerdeWriter credit = StreamWire.credit(300, 5 << 20, 0);
        assertBytes("""
                2c01000000000000            # 300 items
                0000500000000000            # 5 MiB
                """, credit);
        assertEquals(new StreamWire.Credit(300, 5 << 20), StreamWire.credit(message(credit.toByteArray())));
    }

    @Test
    void replySaysHowManyItemsCameBefore() {
        Method<Object, String, String> method = TestMethods.method("test", false);
        SerdeWriter reply = ReplyEncoder.success(method, "ok", 0, CallConfig.NO_COMPRESSION, 5000, 7000, 2);
        assertBytes("""
                00 01 0000                  # success, items came before
                05000000 07000000           # microseconds in the queue, in the handler
                0200000000000000            # two items
                02 6f6b                     # "ok"
                """, reply);
        assertEquals(2, StreamWire.itemsBefore(message(reply.toByteArray())));
        SerdeWriter refusal =
                ReplyEncoder.failure(new RpcException(StatusCode.UNAVAILABLE, "no"), 0, CallWire.NO_ITEMS);
        assertEquals(0, StreamWire.itemsBefore(message(refusal.toByteArray())));
    }

    @Test
    void kindsHaveTheirNumbers() {
        assertEquals(5, MessageKind.REQUEST_ITEM);
        assertEquals(6, MessageKind.REQUEST_END);
        assertEquals(7, MessageKind.REPLY_ITEM);
        assertEquals(8, MessageKind.REQUEST_CREDIT);
        assertEquals(9, MessageKind.REPLY_CREDIT);
    }

    @Test
    void whatCannotBeIsRefused() {
        for (String bytes : List.of("", "01020304050607", "ffffffffffffffff", "0000000000000040")) {
            InboundMessage message = message(HexFormat.of().parseHex(bytes));
            assertThrows(SerdeException.class, () -> StreamWire.count(message), bytes);
            assertThrows(SerdeException.class, () -> StreamWire.credit(message), bytes);
            assertThrows(SerdeException.class, () -> StreamWire.itemsBefore(message), bytes);
            assertThrows(SerdeException.class, () -> StreamWire.item(message, Codecs.STRING, 100), bytes);
        }
        InboundMessage otherFlags = message(HexFormat.of().parseHex("00000000000000000100"));
        assertThrows(SerdeException.class, () -> StreamWire.item(otherFlags, Codecs.STRING, 100));
    }

    private static InboundMessage message(byte[] body) {
        return new InboundMessage(MessageKind.REPLY_ITEM, 1, MemorySegment.ofArray(body), false);
    }

    private static void assertBytes(String expected, SerdeWriter actual) {
        assertEquals(expected.replaceAll("#[^\n]*|\\s", ""), HexFormat.of().formatHex(actual.toByteArray()));
    }
}
