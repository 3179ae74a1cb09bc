package dev.weft.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.serde.Codec;
import dev.weft.serde.SerdeWriter;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The bytes of a commit and what becomes of it, as {@code docs/protocol/key-value-service.md} tells them. */
final class StoreMessagesGoldenTest {
    @Test
    void aCommit() {
        assertBytes(
                """
                3b000000 0500000000000000 # snapshot 5
                01 04000000 01 61 01 62   # reads from a to b
                00                        # nothing cleared
                03                        # three writes
                8e2d79ce 04000000 01 6b 01 76      # Put k, v
                1d90a521 02000000 01 6b         # Remove k
                14aac39d 0a000000 01 6b ffffffffffffffff # Add -1 to k
                """,
                StoreCommitCodec.CODEC,
                new StoreCommit(
                        5,
                        List.of(new StoreRange(text("a"), text("b"))),
                        List.of(),
                        List.of(
                                new StoreWrite.Put(text("k"), text("v")),
                                new StoreWrite.Remove(text("k")),
                                new StoreWrite.Add(text("k"), -1))));
    }

    @Test
    void outcomes() {
        assertBytes(
                "39f4ae66 0a000000 0700000000000000 01 37",
                StoreOutcomeCodec.CODEC,
                new StoreOutcome.Committed(7, text("7")));
        assertBytes("9b4e476b 00000000", StoreOutcomeCodec.CODEC, new StoreOutcome.ReadChanged());
        assertBytes("12e2b207 00000000", StoreOutcomeCodec.CODEC, new StoreOutcome.TooOld());
        assertBytes("93e16ba9 02000000 01 78", StoreOutcomeCodec.CODEC, new StoreOutcome.MaybeCommitted("x"));
        assertBytes("83ad5591 04000000 09000000", StoreOutcomeCodec.CODEC, new StoreOutcome.Refused(9));
    }

    @Test
    void whatAnOperatorIsTold() {
        assertBytes(
                """
                2f000000                # 47 bytes
                05 7261746973           # engine ratis
                01 31                   # self: 1
                01                      # it leads
                01 01 31                # leader 1
                01                      # one peer
                06000000 01 31 03 683a37 # 1 at h:7
                0300000000000000        # term
                0400000000000000        # version
                0500000000000000        # applied
                """,
                StoreStatusCodec.CODEC,
                new StoreStatus("ratis", "1", true, Optional.of("1"), List.of(new StorePeer("1", "h:7")), 3, 4, 5));
    }

    private static MemorySegment text(String text) {
        return MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
    }

    private static <T> void assertBytes(String expected, Codec<T> codec, T value) {
        SerdeWriter out = SerdeWriter.create(64);
        codec.write(value, out);
        assertEquals(
                expected.replaceAll("#.*", "").replaceAll("\\s", ""),
                HexFormat.of().formatHex(out.toByteArray()));
    }
}
