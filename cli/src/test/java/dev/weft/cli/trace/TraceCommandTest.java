package dev.weft.cli.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.Outcome;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.recorder.FlightRecorder;
import dev.weft.rpc.recorder.RecorderConfig;
import dev.weft.rpc.recorder.RecorderService;
import dev.weft.rpc.recorder.RecorderServiceRpc;
import dev.weft.rpc.spi.CallRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TraceCommandTest {
    @TempDir
    Path folder = Path.of("");

    private Path records = Path.of("");

    /** A hundred calls, the k-th of k ms at its client, of which half in the handler; every tenth one failed. */
    @BeforeEach
    void record() throws IOException {
        records = folder.resolve("server/trace");
        try (FlightRecorder recorder =
                new FlightRecorder(RecorderConfig.in(records).withSpareBytes(0), Environment.system())) {
            recorder.start();
            long now = Environment.system().clock().nanoTime();
            for (int i = 1; i <= 100; i++) {
                long took = i * 1_000_000L;
                CallRecord client = new CallRecord(false, "tcp://server:1", METHOD, now - 200_000_000L + i * 1_000L);
                client.callId = i;
                client.secondNanos = client.firstNanos + took / 10;
                client.thirdNanos = client.firstNanos + took * 9 / 10;
                client.lastNanos = client.firstNanos + took;
                client.requestBytes = 1024;
                client.replyBytes = 2048;
                client.queueMicros = i;
                client.handlerMicros = i * 500;
                client.status = i % 10 == 0 ? 2 : 0;
                recorder.record(client);
                CallRecord server = new CallRecord(true, "tcp://client:2", METHOD, client.secondNanos + 100);
                server.callId = i;
                server.secondNanos = server.firstNanos + 1000;
                server.thirdNanos = server.secondNanos + took / 2;
                server.lastNanos = server.thirdNanos + 500;
                server.traceLow = 0xabc;
                recorder.record(server);
            }
        }
    }

    private static final dev.weft.rpc.Method<?, ?, ?> METHOD = RecorderServiceRpc.SERVICE.methods().stream()
            .filter(method -> method.name().equals("status"))
            .findFirst()
            .orElseThrow();

    private Outcome weft(String... arguments) {
        return Outcome.of(Stream.of(List.of("trace"), List.of(arguments))
                .flatMap(List::stream)
                .toArray(String[]::new));
    }

    @Test
    void topShowsStagesOfEachMethod() {
        Outcome outcome = weft("top", folder.toString());
        assertEquals(0, outcome.exitCode(), outcome.errors());
        assertTrue(
                outcome.output()
                        .contains("RecorderService/status, as its client sees it: 100 calls, 10 failed, 100.0 KiB in"
                                + " requests, 200.0 KiB in replies"),
                outcome.output());
        List<String> lines = outcome.output().lines().toList();
        assertTrue(
                lines.get(2).matches("  total +100 +50\\d{3}\\.\\d +9[01]\\d{3}\\.\\d +99\\d{3}\\.\\d +.*"),
                lines.get(2));
        for (String stage : List.of("send", "answer", "network", "queue", "handler", "return", "reply")) {
            assertTrue(lines.stream().anyMatch(line -> line.startsWith("  " + stage)), stage);
        }
    }

    @Test
    void topAsJsonHasNanoseconds() {
        Outcome outcome = weft("top", "--json", "--side", "server", folder.toString());
        assertEquals(0, outcome.exitCode(), outcome.errors());
        assertTrue(
                outcome.output()
                        .startsWith("{\"methods\":[{\"method\":\"RecorderService/status\",\"side\":\"server\","
                                + "\"calls\":100,\"failures\":0,"),
                outcome.output());
        assertTrue(outcome.output().contains("\"queue\":{\"count\":100,\"p50Nanos\":1003,"), outcome.output());
        assertTrue(outcome.output().endsWith("\"dropped\":0}\n"), outcome.output());
    }

    @Test
    void tailShowsTheLastCallsInOrder() {
        Outcome outcome = weft("tail", "-n", "3", "--side", "client", records.toString());
        assertEquals(0, outcome.exitCode(), outcome.errors());
        List<String> lines = outcome.output().lines().toList();
        assertEquals(3, lines.size());
        assertTrue(
                lines.getLast()
                        .endsWith(" client RecorderService/status tcp://server:1 DEADLINE_EXCEEDED 100000.0 us (10000.0"
                                + " 90000.0 100000.0) 1024+2048 B"),
                lines.getLast());
        assertTrue(lines.getFirst().contains(" OK 98000.0 us"), lines.getFirst());
    }

    @Test
    void filtersLeaveOutWhatIsNotWanted() {
        assertEquals(10, lines("--status", "failed"));
        assertEquals(10, lines("--status", "deadline-exceeded"));
        assertEquals(190, lines("--status", "ok"));
        assertEquals(51, lines("--side", "client", "--min-duration", "50ms"));
        assertEquals(100, lines("--peer", "client:2"));
        assertEquals(200, lines("--method", "RecorderService/status"));
        assertEquals(0, lines("--method", "Echo"));
        assertEquals(200, lines("--since", "1h"));
        assertEquals(0, lines("--until", "1h"));
        assertEquals(0, lines("--since", "2099-01-01T00:00:00Z"));
    }

    private long lines(String... filter) {
        Outcome outcome = weft(Stream.of(List.of("tail", "-n", "1000", records.toString()), List.of(filter))
                .flatMap(List::stream)
                .toArray(String[]::new));
        assertEquals(0, outcome.exitCode(), outcome.errors());
        return outcome.output().lines().count();
    }

    @Test
    void exportWritesHistogramsAndAPage() throws IOException {
        Path out = folder.resolve("out");
        Outcome outcome = weft("export", "--out", out.toString(), folder.toString());
        assertEquals(0, outcome.exitCode(), outcome.errors());
        String histogram = Files.readString(out.resolve("RecorderService_status-client-total.hgrm"));
        assertTrue(histogram.contains("Value     Percentile TotalCount 1/(1-Percentile)"), histogram);
        assertTrue(histogram.contains("Total count    =          100"), histogram);
        String page = Files.readString(out.resolve("latency.html"));
        assertTrue(page.startsWith("<!DOCTYPE html>") && page.endsWith("</html>\n"), page);
        assertTrue(page.contains("RecorderService/status, as its server sees it"), page);
        assertFalse(page.contains("http"), "it needs nothing else");
        assertFalse(page.contains("NaN"), page);
    }

    @Test
    void brokenFileIsAnErrorInOneLine() throws IOException {
        Path file;
        try (Stream<Path> files = Files.list(records)) {
            file = files.filter(path -> path.toString().endsWith("T.cq4"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.writeString(file, "this is no file of a queue\n".repeat(100));
        for (String command : List.of("top", "tail")) {
            Outcome outcome = weft(command, records.toString());
            assertEquals(1, outcome.exitCode());
            assertTrue(outcome.errors().contains(file + " is broken at 0: "), outcome.errors());
        }
    }

    @Test
    void wrongArgumentsAreSaid() {
        assertEquals(3, weft("top", folder.resolve("nowhere").toString()).exitCode());
        assertEquals(2, weft("top", "--status", "fine", folder.toString()).exitCode());
        assertEquals(
                2,
                weft("tail", "--min-duration", "10 parsecs", folder.toString()).exitCode());
        assertEquals(2, weft("tail", "--since", "yesterday", folder.toString()).exitCode());
        Outcome empty = weft("top", folder.resolve("server").toString(), "--limit", "0");
        assertEquals(2, empty.exitCode());
    }

    @Test
    void recorderIsSwitchedOnAndOffFromAfar() throws IOException {
        Path elsewhere = folder.resolve("elsewhere");
        try (FlightRecorder recorder =
                        new FlightRecorder(RecorderConfig.in(elsewhere).withSpareBytes(0), Environment.system());
                RpcServer server = RpcServer.builder()
                        .recorder(recorder)
                        .bind(RecorderServiceRpc.SERVICE, recorder.service())
                        .listen("tcp://127.0.0.1:0")
                        .start();
                RpcClient client = RpcClient.create()) {
            RecorderService remote = client.stub(RecorderServiceRpc.SERVICE, server.address());
            String on = weft("on", "--address", server.address()).output();
            assertTrue(on.startsWith(server.address() + ": on, in " + elsewhere), on);
            assertTrue(remote.status().on());
            String off = weft("off", "--json", "--address", server.address()).output();
            assertTrue(off.contains("\"on\":false"), off);
            assertFalse(remote.status().on());
            assertEquals(0, weft("status", "--address", server.address()).exitCode());
        }
        Outcome calls = weft("tail", elsewhere.toString());
        assertTrue(calls.output().contains("server RecorderService/status"), calls.output() + calls.errors());
    }
}
