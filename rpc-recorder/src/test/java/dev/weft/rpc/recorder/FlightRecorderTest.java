package dev.weft.rpc.recorder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.StatusCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FlightRecorderTest {
    private final Environment environment = Environment.system();

    @TempDir
    Path folder = Path.of("");

    private RecorderConfig config() {
        return RecorderConfig.in(folder.resolve("trace")).withSpareBytes(0);
    }

    private static List<RecordedCall> read(Path from) throws IOException {
        List<RecordedCall> calls = new ArrayList<>();
        try (RecordingReader reader = new RecordingReader(from)) {
            reader.read(calls::add);
        }
        return calls;
    }

    private void eventually(String what, BooleanSupplier happened) {
        long deadline = environment.clock().nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!happened.getAsBoolean()) {
            assertTrue(environment.clock().nanoTime() - deadline < 0, "not within 30 s: " + what);
            environment.clock().parkUntil(this, environment.clock().nanoTime() + 1_000_000);
        }
    }

    @Test
    void callsOfAServerAndItsClientAreInTheFile() throws IOException {
        try (FlightRecorder recorder = new FlightRecorder(config(), environment)) {
            recorder.start();
            try (RpcServer server = RpcServer.builder()
                            .recorder(recorder)
                            .bind(RecorderServiceRpc.SERVICE, recorder.service())
                            .listen("tcp://127.0.0.1:0")
                            .start();
                    RpcClient client = RpcClient.builder().recorder(recorder).build()) {
                RecorderService remote = client.stub(RecorderServiceRpc.SERVICE, server.address());
                assertTrue(remote.status().on());
                eventually("both sides are written", () -> recorder.status().recorded() == 2);
                assertEquals(0, recorder.status().dropped());
                List<RecordedCall> calls = read(config().folder());
                Set<Boolean> sides = calls.stream().map(RecordedCall::server).collect(Collectors.toSet());
                assertEquals(Set.of(true, false), sides);
                for (RecordedCall call : calls) {
                    assertEquals("RecorderService/status", call.name());
                    assertEquals("OK", call.outcome());
                    assertEquals(call.server() ? call.peer() : server.address(), call.peer());
                    assertTrue(call.lastNanos() > 0, call.toString());
                }
            }
        }
    }

    @Test
    void itIsSwitchedOnAndOffByACall() throws IOException {
        try (FlightRecorder recorder = new FlightRecorder(config(), environment);
                RpcServer server = RpcServer.builder()
                        .recorder(recorder)
                        .bind(RecorderServiceRpc.SERVICE, recorder.service())
                        .listen("tcp://127.0.0.1:0")
                        .start();
                RpcClient client = RpcClient.create()) {
            RecorderService remote = client.stub(RecorderServiceRpc.SERVICE, server.address());
            assertFalse(remote.status().on());
            assertTrue(remote.start().on());
            assertTrue(remote.start().on(), "again");
            remote.status();
            RecorderStatus stopped = remote.stop();
            assertFalse(stopped.on());
            assertTrue(stopped.recorded() >= 1, stopped.toString());
            remote.status();
            assertEquals(stopped.recorded(), remote.status().recorded());
            Set<String> methods = read(config().folder()).stream()
                    .map(RecordedCall::method)
                    .collect(Collectors.toCollection(TreeSet::new));
            assertTrue(methods.contains("status"), methods.toString());
            assertFalse(methods.contains("stop"), "it ended when nothing was recorded any more");
            assertTrue(remote.start().on());
        }
    }

    @Test
    void folderThatCannotBeWrittenIsSaidAndNothingIsRecorded() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        FlightRecorder recorder = new FlightRecorder(RecorderConfig.in(file.resolve("trace")), environment);
        IOException e = assertThrows(IOException.class, recorder::start);
        assertTrue(String.valueOf(e.getMessage()).startsWith("cannot record in " + file), e.getMessage());
        assertFalse(recorder.isOn());
        RpcException remote = assertThrows(RpcException.class, recorder.service()::start);
        assertEquals(StatusCode.FAILED_PRECONDITION, remote.code());
    }

    @Test
    void twoRecordersDoNotShareAFolder() throws IOException {
        try (FlightRecorder first = new FlightRecorder(config(), environment);
                FlightRecorder second = new FlightRecorder(config(), environment)) {
            first.start();
            IOException e = assertThrows(IOException.class, second::start);
            assertTrue(String.valueOf(e.getMessage()).contains("another recorder writes there"), e.getMessage());
            first.stop();
            second.start();
        }
    }

    @Test
    void itGoesOnInANewFileWhenItIsStartedAgain() throws IOException {
        try (FlightRecorder recorder = new FlightRecorder(config(), environment)) {
            for (int run = 0; run < 3; run++) {
                recorder.start();
                recorder.record(Calls.client("peer", run, environment.clock().nanoTime()));
                recorder.stop();
            }
            assertEquals(3, recorder.status().recorded());
        }
        assertEquals(3, QueueFiles.files(config().folder()).size());
        assertEquals(
                List.of(0L, 1L, 2L),
                read(config().folder()).stream().map(RecordedCall::callId).toList());
    }

    @Test
    void oldestFilesGoWhenThereAreTooMany() throws IOException {
        long limit = 16 << 20;
        RecorderConfig small =
                config().withLimitBytes(limit).withIntervals(Duration.ofMillis(1), Duration.ofSeconds(5));
        long calls = 3_000_000;
        try (FlightRecorder recorder = new FlightRecorder(small, environment)) {
            recorder.start();
            long last = -1;
            while (recorder.status().recorded() < calls) {
                for (int i = 0; i < 100_000; i++) {
                    recorder.record(Calls.client("peer", ++last, last));
                }
                assertTrue(size(small.folder()) <= limit, "above the limit");
                long put = last + 1;
                eventually(
                        "all is written",
                        () -> recorder.status().recorded() + recorder.status().dropped() == put);
            }
            recorder.stop();
            List<RecordedCall> left = read(small.folder());
            assertTrue(left.size() < calls && left.size() > calls / 20, left.size() + " calls are left");
            assertEquals(last, left.getLast().callId());
            assertEquals("Echo/echo", left.getFirst().name());
            assertEquals("peer", left.getFirst().peer());
        }
    }

    private static long size(Path folder) throws IOException {
        long bytes = 0;
        for (Path file : QueueFiles.files(folder)) {
            try {
                bytes += Files.size(file);
            } catch (NoSuchFileException e) {
                // The recorder has just removed it.
            }
        }
        return bytes;
    }

    /** The space that must be left is more than any disk has. */
    @Test
    void withoutSpaceItDoesNotStart() {
        FlightRecorder recorder = new FlightRecorder(config().withSpareBytes(Long.MAX_VALUE), environment);
        IOException e = assertThrows(IOException.class, recorder::start);
        assertTrue(String.valueOf(e.getMessage()).contains("bytes left"), e.getMessage());
    }

    @Test
    void whatItWroteIsReadByTheQueueItself() throws Exception {
        int calls = 20_000;
        try (FlightRecorder recorder = new FlightRecorder(config(), environment)) {
            recorder.start();
            for (int i = 0; i < calls; i++) {
                recorder.record(Calls.client("peer", i, i));
            }
        }
        List<Long> ids = new ArrayList<>();
        try (ChronicleQueue queue = SingleChronicleQueueBuilder.binary(config().folder())
                        .readOnly(true)
                        .build();
                ExcerptTailer tailer = queue.createTailer()) {
            while (true) {
                try (DocumentContext document = tailer.readingDocument()) {
                    Wire wire = document.wire();
                    if (!document.isPresent() || wire == null) {
                        break;
                    }
                    Bytes<?> bytes = wire.bytes();
                    byte[] batch = new byte[(int) bytes.readRemaining()];
                    bytes.read(batch);
                    new BatchReader(ByteBuffer.wrap(batch)).read(call -> ids.add(call.callId()));
                }
            }
        }
        assertEquals(Stream.iterate(0L, i -> i + 1).limit(calls).toList(), ids);
    }

    @Test
    void readerFollowsWhileItIsWritten() throws Exception {
        RecorderConfig small = config().withLimitBytes(16 << 20);
        try (FlightRecorder recorder = new FlightRecorder(small, environment)) {
            recorder.start();
            List<Long> ids = new ArrayList<>();
            try (RecordingReader reader = new RecordingReader(small.folder())) {
                assertEquals(0, reader.read(call -> ids.add(call.callId())));
                long next = 0;
                for (int round = 0; round < 12; round++) {
                    for (int i = 0; i < 40_000; i++) {
                        recorder.record(Calls.client("peer", next++, next));
                    }
                    long put = next;
                    eventually("all is written", () -> recorder.status().recorded() == put);
                    assertEquals(40_000, reader.read(call -> ids.add(call.callId())));
                }
                assertEquals(Stream.iterate(0L, i -> i + 1).limit(next).toList(), ids);
            }
            assertTrue(QueueFiles.files(small.folder()).size() > 1, "over several files");
        }
    }
}
