package dev.weft.api.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.serde.Codec;
import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The bytes of the cluster manager's messages, as {@code docs/protocol/cluster-manager.md} draws them. */
final class ClusterMessagesGoldenTest {
    private static final String DELTA = """
            66000000                  # RoutingDelta
            0600000000000000          # since 6
            4f000000                  # RoutingInfo
            0700000000000000          # version 7
            01 11000000 0b000000 02   # one NodeInfo: node 11, STORAGE
            01 09 7463703a2f2f683a31  # one address
            01                        # alive
            01 1a000000               # one Chain
            01000000 02000000         # chain 1, version 2
            01 0d000000               # one ChainTarget
            f92a000000000000          # target 11001
            0b000000 02               # on node 11, SYNCING
            01 0d000000               # one ChainTable
            01000000 01000000         # table 1, version 1
            01 01000000               # of chain 1
            01 0c000000               # node 12 is gone
            01 02000000               # chain 2 is gone
            00                        # no table is gone
            """;

    private static final RoutingDelta CHANGES = new RoutingDelta(
            6,
            new RoutingInfo(
                    7,
                    List.of(new NodeInfo(11, NodeRole.STORAGE, List.of("tcp://h:1"), true)),
                    List.of(new Chain(1, 2, List.of(new ChainTarget(11001, 11, PublicState.SYNCING)))),
                    List.of(new ChainTable(1, 1, List.of(1)))),
            List.of(12),
            List.of(2),
            List.of());

    @Test
    void changesOfRouting() {
        assertBytes(DELTA, RoutingDeltaCodec.CODEC, CHANGES);
    }

    @Test
    void aReplyBringsAllOrChangesOrNothing() {
        assertBytes(
                "6c000000 00 01 " + DELTA,
                RoutingReplyCodec.CODEC,
                new RoutingReply(Optional.empty(), Optional.of(CHANGES)));
        assertBytes("02000000 00 00", RoutingReplyCodec.CODEC, new RoutingReply(Optional.empty()));
    }

    @Test
    void whoIsThePrimary() {
        assertBytes("""
                12000000 02000000         # manager 2
                01 09 7463703a2f2f683a31  # its address
                02 6e6f                   # no
                """, NotPrimaryCodec.CODEC, new NotPrimary(2, List.of("tcp://h:1"), "no"));
    }

    @Test
    void heartbeatAndAnswer() {
        assertBytes(
                """
                2e000000 0b000000 02      # node 11, STORAGE
                00                        # no addresses
                0100000000000000          # incarnation 1
                0200000000000000          # sequence 2
                0700000000000000          # knows routing 7
                00                        # no targets
                01 63                     # cluster c
                09000000                  # ConfigStatus
                0100000000000000 00       # version 1, no error
                """,
                HeartbeatRequestCodec.CODEC,
                new HeartbeatRequest(
                        11, NodeRole.STORAGE, List.of(), 1, 2, 7, List.of(), "c", new ConfigStatus(1, "")));
        assertBytes(
                """
                23000000
                0300000000000000 00000000 # lease of 3 s
                00 00                     # no routing
                01 63                     # cluster c
                01 0e000000 02            # ConfigSet of STORAGE
                0100000000000000          # version 1
                01 01 61 01 31            # a is 1
                """,
                HeartbeatReplyCodec.CODEC,
                new HeartbeatReply(
                        Duration.ofSeconds(3),
                        Optional.empty(),
                        Optional.empty(),
                        "c",
                        Optional.of(new ConfigSet(NodeRole.STORAGE, 1, Map.of("a", "1")))));
    }

    @Test
    void anAnswerOfAnOlderManagerIsReadWithDefaults() {
        MemorySegment old = MemorySegment.ofArray(bytes("0d000000 0300000000000000 00000000 00"));
        assertEquals(
                new HeartbeatReply(Duration.ofSeconds(3), Optional.empty()),
                HeartbeatReplyCodec.CODEC.read(SerdeReader.of(old)));
    }

    @Test
    void aWishOfAnOperator() {
        assertBytes("""
                21379cc6                      # DrainNode
                05000000 0b000000 00      # node 11, not cancelled
                """, ClusterChangeCodec.CODEC, new ClusterChange.DrainNode(11, false));
    }

    private static <T> void assertBytes(String expected, Codec<T> codec, T value) {
        SerdeWriter out = SerdeWriter.create(64);
        codec.write(value, out);
        byte[] written = out.toByteArray();
        assertEquals(HexFormat.of().formatHex(bytes(expected)), HexFormat.of().formatHex(written));
        assertEquals(value, codec.read(SerdeReader.of(MemorySegment.ofArray(written))));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("#.*", "").replaceAll("\\s", ""));
    }
}
