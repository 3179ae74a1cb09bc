package dev.weft.kv.ratis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.engine.Mutation;
import dev.weft.kv.engine.Versionstamp;
import dev.weft.kv.engine.WriteSet;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of a log entry, as {@code docs/protocol/key-value-log.md} tells them. */
final class CommitGroupTest {
    private static final String GOLDEN = """
            01                                 # format
            0000000000000003                   # term 3
            0000000000000010                   # builds on version 16
            00000002                           # two transactions, which make versions 17 and 18
            00000003                           # the first has three operations
            01 00000001 61 00000001 63         # clear from a to c
            02 00000001 62 00000002 7631       # put b = v1
            03 00000001 6b                     # remove k
            00000002                           # the second has two
            04 00000001 6e ffffffffffffffff    # add -1 to n
            02 0000000b 73 0000000000000012 0000 00000001 78 # put s, versionstamp of version 18 = x
            """;

    private static Bytes text(String text) {
        return Bytes.ofUtf8(text);
    }

    private static byte[] golden() {
        return HexFormat.of().parseHex(GOLDEN.replaceAll("#.*", "").replaceAll("\\s", ""));
    }

    @Test
    void anEntryHasTheseBytes() {
        WriteSet first = new WriteSet();
        first.clear(new KeyRange(text("a"), text("c")));
        first.put(text("b"), text("v1"));
        first.remove(text("k"));
        WriteSet second = new WriteSet();
        second.add(text("n"), -1);
        second.putStamped(text("s"), Bytes.EMPTY, text("x"));
        CommitGroup.Builder entry = new CommitGroup.Builder(3, 16);
        entry.add(first, Versionstamp.of(17));
        entry.add(second, Versionstamp.of(18));
        ByteBuffer built = entry.build();
        byte[] bytes = new byte[built.remaining()];
        built.get(bytes);
        assertEquals(HexFormat.of().formatHex(golden()), HexFormat.of().formatHex(bytes));
    }

    @Test
    void theBytesMeanTheseWrites() {
        CommitGroup group = CommitGroup.parse(ByteBuffer.wrap(golden()));
        assertEquals(3, group.term());
        assertEquals(16, group.base());
        assertEquals(18, group.last());
        assertEquals(
                List.of(
                        "clear 61..63",
                        "62 Put[value=7631]",
                        "6b Remove[]",
                        "6e Add[delta=-1]",
                        "7300000000000000120000 Put[value=78]"),
                writes(group));
    }

    @Test
    void anEntryCountsOnlyInItsTermAndOnTheVersionItBuildsOn() {
        CommitGroup group = CommitGroup.parse(ByteBuffer.wrap(golden()));
        assertTrue(group.counts(3, 16));
        assertFalse(group.counts(4, 16));
        assertFalse(group.counts(3, 15));
        assertFalse(group.counts(3, 18));
    }

    private static List<String> writes(CommitGroup group) {
        List<String> seen = new ArrayList<>();
        group.applyTo(new WriteSet.Sink() {
            @Override
            public void clear(KeyRange range) {
                seen.add("clear " + range.begin() + ".." + range.end());
            }

            @Override
            public void write(Bytes key, Mutation mutation) {
                seen.add(key + " " + mutation);
            }
        });
        return seen;
    }

    @Test
    void whatIsNoEntryIsRefused() {
        byte[] newer = golden();
        newer[0] = 2;
        assertRefused(newer, "format 2");
        assertRefused(new byte[5], "5 bytes has no header");
        byte[] many = golden();
        many[17] = 0x7f;
        assertRefused(many, "cannot have 2130706434 transactions");
        byte[] longKey = golden();
        longKey[26] = 0x7f;
        assertRefused(longKey, "length 2130706433");
        byte[] odd = golden();
        odd[25] = 9;
        assertRefused(odd, "unknown operation 9");
    }

    @Test
    void everyShorterEntryIsRefused() {
        byte[] whole = golden();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            assertThrows(IllegalArgumentException.class, () -> writes(CommitGroup.parse(ByteBuffer.wrap(cut))));
        }
    }

    private static void assertRefused(byte[] bytes, String expected) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> writes(CommitGroup.parse(ByteBuffer.wrap(bytes))));
        assertTrue(refused.toString().contains(expected), refused.toString());
    }
}
