package dev.weft.rpc.recorder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.rpc.StatusCode;
import dev.weft.rpc.TraceId;
import dev.weft.rpc.spi.CallRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of {@code docs/protocol/flight-recorder.md}. */
final class BatchGoldenTest {
    private static final Instant WALL = Instant.ofEpochSecond(1_700_000_000);

    private static final String HEAD = """
            57465200            "WFR"
            01000000            format 1
            LENGTH
            CALLS
            0807060504030201    session
            00ca9a3b00000000    clock: 1 s
            00401e18240a0600    time of day: 1.7e15 us
            0900000000000000    9 dropped
            """;

    private static final String NAMES = """
            81 0d 6465762e746573742e4563686f 04 6563686f    method 1: dev.test.Echo, echo
            82 04 70656572                                  peer 1: peer
            """;

    private final Batch batch = new Batch();

    private byte[] ended() {
        ByteBuffer ended = batch.end(0x0102030405060708L, 1_000_000_000L, WALL, 9);
        byte[] bytes = new byte[ended.remaining()];
        ended.get(bytes);
        return bytes;
    }

    private static String hex(String drawn) {
        StringBuilder digits = new StringBuilder();
        drawn.lines()
                .forEach(line -> digits.append(line.replaceFirst("   .*", "").replace(" ", "")));
        return digits.toString();
    }

    private static String number(int value) {
        return HexFormat.of().formatHex(new byte[] {(byte) value, (byte) (value >> 8), 0, 0});
    }

    private void assertBytes(String entries) {
        byte[] bytes = ended();
        String head = HEAD.replace("LENGTH", number(bytes.length)).replace("CALLS", number(batch.calls()));
        assertEquals(hex(head) + hex(entries), HexFormat.of().formatHex(bytes));
    }

    private List<RecordedCall> read() throws BatchReader.BadBatchException {
        List<RecordedCall> calls = new ArrayList<>();
        new BatchReader(ByteBuffer.wrap(ended())).read(calls::add);
        return calls;
    }

    @Test
    void callsOfAClient() throws Exception {
        batch.add(Calls.client("peer", 3 << 17 | 5, 2_000_000_000L));
        batch.add(Calls.client("peer", 4 << 17 | 6, 2_000_000_064L));
        assertBytes(NAMES + """
                10                      call of a client, other sizes than before, OK
                64 c801                 100 and 200 bytes
                06 05                   call 3 more than before, slot 5
                80d0acf30e              begun 2 s after the one before: 4e9 as a zigzag number
                d10f d10f d10f          sent, taken up and returned, each after 1 us: 2001
                06 07                   the server's queue and handler: 5 and 6 us
                00                      call of a client, as before, OK
                02 06                   call 1 more than before, slot 6
                8001                    begun 64 ns after the one before
                d10f d10f d10f 06 07    as before
                """);
        RecordedCall call = read().getLast();
        assertEquals("Echo/echo", call.name());
        assertEquals("peer", call.peer());
        assertEquals(4 << 17 | 6, call.callId());
        assertEquals(WALL.plusSeconds(1).plusNanos(64), call.begun());
        assertEquals("OK", call.outcome());
        assertEquals(1_000, call.secondNanos());
        assertEquals(2_000, call.thirdNanos());
        assertEquals(3_000, call.totalNanos());
        assertEquals(5_000, call.queueNanos());
        assertEquals(6_000, call.handlerNanos());
        assertEquals(300, call.bytes());
    }

    @Test
    void callOfAServerThatWasRefused() throws Exception {
        CallRecord call = new CallRecord(true, "", null, 1);
        call.status = StatusCode.UNIMPLEMENTED.wireValue();
        call.lastNanos = 3;
        batch.add(call);
        assertBytes("""
                09 07       call of a server, failed: UNIMPLEMENTED
                00 00       call and slot 0
                02          begun at 1 ns
                00 00 05    neither started nor ended, answered after 2 ns
                """);
        RecordedCall read = read().getFirst();
        assertEquals("?", read.name());
        assertEquals(StatusCode.UNIMPLEMENTED, read.status());
        assertEquals(RecordedCall.NOT_REACHED, read.secondNanos());
        assertEquals(2, read.lastNanos());
    }

    @Test
    void longCallWithTraceAndItems() throws Exception {
        CallRecord call = new CallRecord(true, "peer", Calls.ECHO, 0);
        call.traceHigh = 1;
        call.traceLow = 2;
        call.secondNanos = 1_500;
        call.lastNanos = Duration.ofDays(100).toNanos();
        call.items = new CallRecord.Items(3, 4, 5, 600);
        batch.add(call);
        assertBytes(NAMES + """
                61                                  call of a server, with trace and items, OK
                00 00 00                            call and slot 0, begun at 0
                b917 00 c9e8dfad9882d91e         started after 1.5 us, not ended, answered after 100 days
                0100000000000000 0200000000000000   trace
                03 04 05 d804                       3 items of 4 bytes from the caller, 5 of 600 to it
                """);
        RecordedCall read = read().getFirst();
        assertEquals(new TraceId(1, 2), read.traceId());
        assertEquals(1_500, read.secondNanos());
        assertEquals(RecordedCall.NOT_REACHED, read.thirdNanos());
        assertEquals(Duration.ofDays(100).toNanos(), read.totalNanos());
        assertEquals(new RecordedCall.Items(true, 3, 4, 5, 600), read.items());
    }

    @Test
    void namesAreExplainedOnceAndThenNumbered() throws Exception {
        batch.add(Calls.client("peer", 0, 0));
        CallRecord unknown = new CallRecord(true, "other", null, 0);
        unknown.requestBytes = 100;
        unknown.replyBytes = 200;
        batch.add(unknown);
        CallRecord known = new CallRecord(true, "peer", Calls.ECHO, 0);
        known.requestBytes = 100;
        known.replyBytes = 200;
        batch.add(known);
        assertBytes(NAMES + """
                10 64 c801 00 00 00 d10f d10f d10f 06 07
                82 05 6f74686572               peer 2: other
                03 00 00 00 00 00 00 00        call of a server, method 0: none
                07 01 01 00 00 00 00 00 00     call of a server, method 1 and peer 1
                """);
        List<String> names =
                read().stream().map(call -> call.name() + " " + call.peer()).toList();
        assertEquals(List.of("Echo/echo peer", "? other", "Echo/echo peer"), names);
    }

    @Test
    void batchThatIsClearedKnowsNothing() throws Exception {
        batch.add(Calls.client("peer", 7, 8));
        byte[] first = ended();
        batch.clear();
        batch.add(Calls.client("peer", 7, 8));
        assertEquals(HexFormat.of().formatHex(first), HexFormat.of().formatHex(ended()));
    }

    @Test
    void otherFormatIsNamed() {
        byte[] bytes = ended();
        bytes[4] = 2;
        var bad = assertThrows(BatchReader.BadBatchException.class, () -> new BatchReader(ByteBuffer.wrap(bytes)));
        assertEquals("records of format 2, and this reads format 1", bad.getMessage());
    }
}
