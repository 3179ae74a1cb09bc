package dev.weft.rpc.thrift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.rpc.RpcServer;
import dev.weft.rpc.thrift.generated.Calls;
import dev.weft.serde.SerdeWriter;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bytes as {@code docs/protocol/thrift.md} has them. */
final class ThriftGoldenTest {
    private RpcServer server;
    private RawThrift peer;

    @BeforeEach
    void start() throws Exception {
        server = ThriftServices.builder()
                .service("Calls", Calls.Processor::new, new CallsHandler())
                .build()
                .addTo(RpcServer.builder())
                .listen("tcp://127.0.0.1:0")
                .start();
        peer = new RawThrift(server.addresses().getFirst());
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        server.close();
    }

    private void assertAnswer(String request, String answer) throws Exception {
        peer.send(HexFormat.of().parseHex(request.replace(" ", "")));
        assertEquals(answer.replace(" ", ""), HexFormat.of().formatHex(peer.bytes()));
    }

    @Test
    void aCallInBinary() throws Exception {
        assertAnswer(
                // Length 30; call of "add", sequence 7; a = 2, b = 3.
                "0000001e 80010001 00000003 616464 00000007 08 0001 00000002 08 0002 00000003 00",
                // Reply; field 0, i32: 5.
                "80010002 00000003 616464 00000007 08 0000 00000005 00");
    }

    @Test
    void aCallInCompact() throws Exception {
        assertAnswer(
                // Length 12; the same with numbers in zigzag.
                "0000000c 82 21 07 03 616464 15 04 15 06 00",
                // Field 0 has no difference to the one before, and is written out.
                "82 41 07 03 616464 05 00 0a 00");
    }

    @Test
    void theServiceBeforeTheMethodIsNotInTheAnswer() throws Exception {
        assertAnswer(
                "00000024 80010001 00000009 43616c6c733a616464 00000007 08 0001 00000002 08 0002 00000003 00",
                "80010002 00000003 616464 00000007 08 0000 00000005 00");
    }

    @Test
    void aMethodThatIsNotThere() throws Exception {
        assertAnswer(
                "00000010 80010001 00000004 6e6f7065 00000007",
                // Exception; field 1, string: "Invalid method name: 'nope'"; field 2, i32: 1.
                "80010003 00000004 6e6f7065 00000007 0b 0001 0000001b"
                        + HexFormat.of().formatHex("Invalid method name: 'nope'".getBytes(StandardCharsets.UTF_8))
                        + "08 0002 00000001 00");
    }

    @Test
    void aMessageAsParameterOfAWeftMethod() {
        assertEquals("dbcfd6bed661e542", HexFormat.of().toHexDigits(MethodIds.id("Calls", "add")));
        SerdeWriter out = SerdeWriter.create(16);
        ThriftMessage.CODEC.write(
                new ThriftMessage(MemorySegment.ofArray(HexFormat.of().parseHex("82210703616464150415060000"))), out);
        assertEquals("0d82210703616464150415060000", HexFormat.of().formatHex(out.toByteArray()));
    }
}
