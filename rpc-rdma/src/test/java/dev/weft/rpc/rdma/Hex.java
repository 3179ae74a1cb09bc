package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;

/** Bytes as the golden tests write them: in hex, with comments. */
final class Hex {
    private Hex() {}

    static byte[] bytes(String text) {
        return HexFormat.of().parseHex(text.replaceAll("#[^\n]*|\\s", ""));
    }

    static void assertBytes(String expected, byte[] actual) {
        assertEquals(HexFormat.of().formatHex(bytes(expected)), HexFormat.of().formatHex(actual));
    }
}
