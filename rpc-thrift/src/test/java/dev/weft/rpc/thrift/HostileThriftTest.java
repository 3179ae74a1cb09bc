package dev.weft.rpc.thrift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.RpcServer;
import dev.weft.rpc.ServerConfig;
import dev.weft.rpc.spi.TransportConfig;
import dev.weft.rpc.thrift.generated.Calls;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TList;
import org.apache.thrift.protocol.TMap;
import org.apache.thrift.protocol.TMessage;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolFactory;
import org.apache.thrift.protocol.TSet;
import org.apache.thrift.protocol.TStruct;
import org.apache.thrift.protocol.TType;
import org.apache.thrift.transport.TMemoryBuffer;
import org.apache.thrift.transport.TMemoryInputTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that mean ill lose their call or their connection, and nobody else does. */
final class HostileThriftTest {
    private static final int FRAME_BYTES_MAX = 1 << 20;

    private final CallsHandler handler = new CallsHandler();
    private RpcServer server;
    private RawThrift bystander;

    @BeforeEach
    void start() throws Exception {
        TransportConfig transport =
                TransportConfig.defaults().withKeepAlive(Duration.ofMillis(500), Duration.ofMillis(500));
        server = ThriftServices.builder()
                .config(ThriftConfig.defaults()
                        .withMaxFrameBytes(FRAME_BYTES_MAX)
                        .withMaxStringLength(100_000)
                        .withMaxContainerSize(10_000)
                        .withMaxDepth(32))
                .service("Calls", Calls.Processor::new, handler)
                .build()
                .addTo(RpcServer.builder().config(ServerConfig.defaults().withTransport(transport)))
                .listen("tcp://127.0.0.1:0")
                .start();
        bystander = connect();
        assertServes(bystander);
    }

    @AfterEach
    void othersAreServedStill() throws Exception {
        assertServes(bystander);
        bystander.close();
        server.close();
    }

    private RawThrift connect() throws Exception {
        return new RawThrift(server.addresses().getFirst());
    }

    private static void assertServes(RawThrift peer) throws Exception {
        peer.send(RawThrift.frame(RawThrift.message("add", TMessageType.CALL, 7, new Calls.add_args(20, 3))));
        Calls.add_result result = new Calls.add_result();
        RawThrift.Answer answer = peer.answer();
        assertEquals(7, answer.head().seqid);
        result.read(answer.rest());
        assertEquals(23, result.success);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Frames that are too long, by a little and by all.
                "00100001 80010001 00000003 616464 00000001 00",
                "7fffffff 80010001 00000003 616464 00000001 00",
                // A name that is longer than its frame, too long, or of less than no bytes.
                "00000011 80010001 000000ff 616464 00000001 0000",
                "00000011 80010001 7fffffff 616464 00000001 0000",
                "00000011 80010001 ffffffff 616464 00000001 0000",
                // The same in the compact encoding.
                "0000000a 8221 01 ff7f 616464 0000 00",
                "0000000a 8221 ffffffffff01 0361 6464",
                // Types that no request has: an answer, an exception, and none at all.
                "00000010 80010002 00000003 616464 00000001 00",
                "00000010 80010003 00000003 616464 00000001 00",
                "00000010 80010009 00000003 616464 00000001 00",
                // A second frame that is no message.
                "00000010 80010004 00000003 616464 00000001 00 00000004 01020304",
                "00000010 80010004 00000003 616464 00000001 00 00000000"
            })
    void badFramesCostTheConnection(String bytes) throws Exception {
        try (RawThrift peer = connect()) {
            peer.send(hex(bytes));
            assertTrue(peer.isEnded());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "474554202f20485454502f312e310d0a0d0a00000000000000000000000000000000000000000000000000000000000000000000",
                "ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff"
            })
    void whatIsNeitherThriftNorWeftCostsTheConnection(String bytes) throws Exception {
        try (RawThrift peer = connect()) {
            peer.send(hex(bytes));
            peer.awaitEnd();
        }
    }

    @Test
    void aFrameThatNeverEndsCostsTheConnection() throws Exception {
        try (RawThrift peer = connect()) {
            peer.send(hex("00001000 80010001 00000003 616464"));
            assertTrue(peer.isEnded());
        }
    }

    @Test
    void aPeerThatSaysNothingIsNotWaitedForByOthers() throws Exception {
        try (RawThrift silent = connect()) {
            silent.send(hex("000000"));
            assertServes(bystander);
        }
    }

    @Test
    void framesMayComeInPiecesOfAnySize() throws Exception {
        byte[] one = RawThrift.frame(RawThrift.message("add", TMessageType.CALL, 1, new Calls.add_args(1, 1)));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 30; i++) {
            all.write(one);
        }
        byte[] bytes = all.toByteArray();
        for (int step : new int[] {1, 3, 7, 50}) {
            try (RawThrift peer = connect()) {
                for (int at = 0; at < bytes.length; at += step) {
                    peer.send(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + step)));
                }
                for (int i = 0; i < 30; i++) {
                    assertEquals("add", peer.answer().head().name);
                }
            }
        }
    }

    private static TProtocolFactory factory(Encoding encoding) {
        return switch (encoding) {
            case BINARY -> new TBinaryProtocol.Factory();
            case COMPACT -> new TCompactProtocol.Factory();
        };
    }

    private interface Body {
        void write(TProtocol out) throws Exception;
    }

    /** Sends a call of {@code echo} with such arguments, and has it refused. */
    private void assertRefused(Encoding encoding, String reason, Body arguments) throws Exception {
        TMemoryBuffer buffer = new TMemoryBuffer(1024);
        TProtocol out = factory(encoding).getProtocol(buffer);
        out.writeMessageBegin(new TMessage("echo", TMessageType.CALL, 5));
        arguments.write(out);
        out.writeMessageEnd();
        try (RawThrift peer = connect()) {
            peer.send(RawThrift.frame(Arrays.copyOf(buffer.getArray(), buffer.length())));
            byte[] message = peer.bytes();
            TProtocol in = factory(encoding).getProtocol(new TMemoryInputTransport(message));
            TMessage head = in.readMessageBegin();
            assertEquals(TMessageType.EXCEPTION, head.type);
            assertEquals(5, head.seqid);
            TApplicationException refusal = TApplicationException.readFrom(in);
            assertEquals(TApplicationException.PROTOCOL_ERROR, refusal.getType());
            assertTrue(String.valueOf(refusal.getMessage()).contains(reason), refusal.getMessage());
            // The connection is of use after that.
            assertServes(peer);
        }
    }

    @ParameterizedTest
    @EnumSource
    void structsInOneAnotherWithoutEnd(Encoding encoding) throws Exception {
        assertRefused(encoding, "nest deeper than 32", out -> {
            for (int i = 0; i < 20_000; i++) {
                out.writeStructBegin(new TStruct());
                out.writeFieldBegin(new TField("", TType.STRUCT, (short) 77));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void containersInOneAnotherWithoutEnd(Encoding encoding) throws Exception {
        assertRefused(encoding, "nest deeper than 32", out -> {
            out.writeStructBegin(new TStruct());
            out.writeFieldBegin(new TField("", TType.LIST, (short) 77));
            for (int i = 0; i < 20_000; i++) {
                switch (i % 3) {
                    case 0 -> out.writeListBegin(new TList(TType.SET, 1));
                    case 1 -> out.writeSetBegin(new TSet(TType.MAP, 1));
                    default -> {
                        out.writeMapBegin(new TMap(TType.BYTE, TType.LIST, 1));
                        out.writeByte((byte) 1);
                    }
                }
            }
        });
    }

    private static Body inEverything(int field, byte type, Body value) {
        return out -> {
            out.writeStructBegin(new TStruct());
            out.writeFieldBegin(new TField("value", TType.STRUCT, (short) 1));
            out.writeStructBegin(new TStruct());
            out.writeFieldBegin(new TField("", type, (short) field));
            value.write(out);
        };
    }

    @ParameterizedTest
    @EnumSource
    void listsThatSayTheyAreLongerThanTheyCanBe(Encoding encoding) throws Exception {
        for (int size : new int[] {Integer.MAX_VALUE, 1 << 30, 10_001, 5000}) {
            assertRefused(
                    encoding,
                    "",
                    inEverything(12, TType.LIST, out -> out.writeListBegin(new TList(TType.STRING, size))));
            assertRefused(
                    encoding, "", inEverything(13, TType.SET, out -> out.writeSetBegin(new TSet(TType.I32, size))));
            assertRefused(
                    encoding,
                    "",
                    inEverything(14, TType.MAP, out -> out.writeMapBegin(new TMap(TType.STRING, TType.I64, size))));
        }
    }

    @ParameterizedTest
    @EnumSource
    void containersBeyondTheLimit(Encoding encoding) throws Exception {
        assertRefused(encoding, "exceeded max allowed", inEverything(20, TType.LIST, out -> {
            out.writeListBegin(new TList(TType.BOOL, 10_001));
            for (int i = 0; i < 10_001; i++) {
                out.writeBool(true);
            }
        }));
    }

    @ParameterizedTest
    @EnumSource
    void stringsBeyondTheLimit(Encoding encoding) throws Exception {
        assertRefused(encoding, "exceed", inEverything(7, TType.STRING, out -> out.writeString("x".repeat(100_001))));
        assertRefused(
                encoding,
                "exceed",
                inEverything(8, TType.STRING, out -> out.writeBinary(ByteBuffer.allocate(100_001))));
    }

    @ParameterizedTest
    @EnumSource
    void whatHasToBeThereAndIsNot(Encoding encoding) throws Exception {
        assertRefused(encoding, "mandatory", out -> {
            out.writeStructBegin(new TStruct());
            out.writeFieldBegin(new TField("value", TType.STRUCT, (short) 1));
            out.writeStructBegin(new TStruct());
            out.writeFieldStop();
            out.writeFieldStop();
        });
    }
}
