package dev.weft.rpc.recorder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
            00000000
            0807060504030201    session
            00ca9a3b00000000    clock: 1 s
            00401e18240a0600    time of day: 1.7e15 us
            0900000000000000    9 dropped
            """;

    private static final String NAMES = """
            01 00 0d00 0400 0000 01000000 8877665544332211   method 1: 13 and 4 bytes, its id
            6465762e746573742e4563686f 6563686f              dev.test.Echo echo
            02 00 0400 02000000 70656572                     peer 2: peer
            """;

    private static BatchWriter begun() {
        BatchWriter batches = new BatchWriter(0x0102030405060708L);
        batches.beginFile();
        batches.begin();
        return batches;
    }

    private static byte[] ended(BatchWriter batches) {
        ByteBuffer batch = batches.end(1_000_000_000L, WALL, 9);
        byte[] bytes = new byte[batch.remaining()];
        batch.get(bytes);
        return bytes;
    }

    private static String hex(String drawn) {
        StringBuilder digits = new StringBuilder();
        drawn.lines()
                .forEach(line -> digits.append(line.replaceFirst("   .*", "").replace(" ", "")));
        return digits.toString();
    }

    private static void assertBytes(String entries, byte[] batch) {
        String all = hex(entries);
        String length = HexFormat.of().formatHex(new byte[] {(byte) batch.length, (byte) (batch.length >> 8), 0, 0});
        assertEquals(hex(HEAD.replace("LENGTH", length)) + all, HexFormat.of().formatHex(batch));
    }

    private static List<RecordedCall> read(byte[] batch) throws BatchReader.BadBatchException {
        List<RecordedCall> calls = new ArrayList<>();
        new BatchReader().read(ByteBuffer.wrap(batch), calls::add);
        return calls;
    }

    @Test
    void callOfAClient() throws Exception {
        BatchWriter batches = begun();
        batches.add(Calls.client("peer", 0x1234, 2_000_000_000L));
        byte[] batch = ended(batches);
        assertBytes(NAMES + """
                03 02 00 00                            call, with the server's times, OK, in ns
                01000000 02000000 64000000             method, peer, 100 bytes
                3412000000000000                       call id
                0094357700000000                       begun at 2 s
                e8030000 d0070000 b80b0000 c8000000    1, 2 and 3 us, 200 bytes
                05000000 06000000                      the server's queue and handler in us
                """, batch);
        RecordedCall call = read(batch).getFirst();
        assertEquals("Echo/echo", call.name());
        assertEquals("peer", call.peer());
        assertEquals(WALL.plusSeconds(1), call.begun());
        assertEquals("OK", call.outcome());
        assertEquals(3_000, call.totalNanos());
        assertEquals(5_000, call.queueNanos());
        assertEquals(300, call.bytes());
    }

    @Test
    void callOfAServerThatWasRefused() throws Exception {
        BatchWriter batches = begun();
        CallRecord call = new CallRecord(true, "", null, 1);
        call.status = StatusCode.UNIMPLEMENTED.wireValue();
        call.lastNanos = 3;
        batches.add(call);
        byte[] batch = ended(batches);
        assertBytes("""
                03 01 07 00                            call, of a server, UNIMPLEMENTED, in ns
                00000000 00000000 00000000             no method, no peer, no bytes
                0000000000000000                       call id
                0100000000000000                       begun
                ffffffff ffffffff 02000000 00000000    neither started nor ended, answered after 2 ns
                """, batch);
        RecordedCall read = read(batch).getFirst();
        assertEquals("?", read.name());
        assertEquals(StatusCode.UNIMPLEMENTED, read.status());
        assertEquals(RecordedCall.NOT_REACHED, read.secondNanos());
        assertEquals(2, read.lastNanos());
    }

    @Test
    void longCallWithTraceAndStreams() throws Exception {
        BatchWriter batches = begun();
        CallRecord call = new CallRecord(true, "peer", Calls.ECHO, 0);
        call.traceHigh = 1;
        call.traceLow = 2;
        call.secondNanos = 1_500;
        call.thirdNanos = Duration.ofMinutes(10).toNanos();
        call.lastNanos = Duration.ofHours(1).toNanos();
        call.streams = true;
        call.requestItems = 3;
        call.requestItemBytes = 4;
        call.replyItems = 5;
        call.replyItemBytes = 6;
        batches.add(call);
        byte[] batch = ended(batches);
        assertBytes(NAMES + """
                03 0d 00 01                            call, of a server, with trace and streams, OK, in us
                01000000 02000000 00000000             method, peer, no bytes
                0000000000000000                       call id
                0000000000000000                       begun
                01000000 0046c323 00a493d6 00000000    after 1 us, 10 minutes and an hour
                0100000000000000 0200000000000000      trace
                0300000000000000 0400000000000000      3 items of 4 bytes to the server
                0500000000000000 0600000000000000      5 items of 6 bytes from it
                """, batch);
        RecordedCall read = read(batch).getFirst();
        assertEquals(new TraceId(1, 2), read.traceId());
        assertEquals(1_000, read.secondNanos());
        assertEquals(Duration.ofHours(1).toNanos(), read.totalNanos());
        assertEquals(new RecordedCall.Items(true, 3, 4, 5, 6), read.items());
    }

    @Test
    void timesThatDoNotFitAreCountedInMilliseconds() throws Exception {
        BatchWriter batches = begun();
        CallRecord call = Calls.client("peer", 1, 0);
        call.lastNanos = Duration.ofDays(40).toNanos();
        batches.add(call);
        call.lastNanos = Duration.ofDays(400).toNanos();
        batches.add(call);
        List<RecordedCall> read = read(ended(batches));
        assertEquals(Duration.ofDays(40).toNanos(), read.getFirst().totalNanos());
        assertEquals(0xffff_fffeL * 1_000_000, read.getLast().totalNanos());
    }

    @Test
    void namesAreExplainedOnceInEachFile() throws Exception {
        BatchWriter batches = begun();
        batches.add(Calls.client("peer", 1, 0));
        byte[] first = ended(batches);
        batches.begin();
        batches.add(Calls.client("peer", 2, 0));
        byte[] second = ended(batches);
        batches.beginFile();
        batches.begin();
        batches.add(Calls.client("peer", 3, 0));
        byte[] third = ended(batches);
        assertTrue(second.length < first.length, second.length + " bytes");
        assertEquals(first.length, third.length);
        BatchReader reader = new BatchReader();
        List<String> names = new ArrayList<>();
        for (byte[] batch : List.of(first, second)) {
            reader.read(ByteBuffer.wrap(batch), call -> names.add(call.name() + call.peer()));
        }
        assertEquals(List.of("Echo/echopeer", "Echo/echopeer"), names);
        assertEquals("Echo/echo", read(third).getFirst().name());
        assertEquals(9, reader.dropped());
    }

    @Test
    void moreNamesThanThereAreNumbersBeginANewSession() throws Exception {
        BatchWriter batches = begun();
        BatchReader reader = new BatchReader();
        List<String> peers = new ArrayList<>();
        int calls = BatchWriter.NAMES_MAX + 100;
        for (int i = 0; i < calls; i++) {
            batches.add(Calls.client("peer " + i, i, 0));
            if (!batches.hasRoom()) {
                reader.read(ByteBuffer.wrap(ended(batches)), call -> peers.add(call.peer()));
                batches.begin();
            }
        }
        reader.read(ByteBuffer.wrap(ended(batches)), call -> peers.add(call.peer()));
        for (int i = 0; i < calls; i++) {
            assertEquals("peer " + i, peers.get(i));
        }
    }

    @Test
    void otherFormatIsNamed() {
        BatchWriter batches = begun();
        byte[] batch = ended(batches);
        batch[4] = 2;
        var bad = assertThrows(BatchReader.BadBatchException.class, () -> read(batch));
        assertEquals("records of format 2, and this reads format 1", bad.getMessage());
    }
}
