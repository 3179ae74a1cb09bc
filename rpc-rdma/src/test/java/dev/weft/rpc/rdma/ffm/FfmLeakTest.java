package dev.weft.rpc.rdma.ffm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.rdma.verbs.VerbsFixture;
import dev.weft.rpc.rdma.verbs.VerbsPair;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("rdma")
class FfmLeakTest {
    /** Counts what belongs to the process and to the device, before and after. */
    @Test
    void leavesNothingOpenAfterTwoHundredConnections() throws Exception {
        VerbsFixture fixture = Lab.fixture();
        VerbsProvider provider = fixture.server();
        var context = provider.open(provider.devices().getFirst().name());
        connect(fixture, 20);
        try (var pair = new VerbsPair(fixture)) {
            assertTrue(resources() > 0, () -> "nothing is counted of queue pair " + pair.client.qp.getHandle());
        }
        Map<String, Long> before = open();
        connect(fixture, 200);
        for (int i = 0; i < 20; i++) {
            provider.onEvent(context, event -> {}).close();
        }
        for (Thread thread : eventThreads()) {
            thread.join();
        }
        assertEquals(before, open());
        provider.close();
    }

    private static void connect(VerbsFixture fixture, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (var pair = new VerbsPair(fixture)) {
                pair.client.id.disconnect();
                pair.server.id.disconnect();
            }
        }
    }

    private static List<Thread> eventThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("rdma-events"))
                .toList();
    }

    private static Map<String, Long> open() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return Map.of("files", files.count(), "resources of devices", resources());
        }
    }

    /** Queue pairs, completion queues and so on of this process; the kernel knows them by the thread that made them. */
    private static long resources() throws Exception {
        List<String> threads;
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            threads = tasks.map(task -> " pid " + task.getFileName() + " ").toList();
        }
        long count = 0;
        for (String kind : List.of("qp", "cq", "pd", "mr", "cm_id", "ctx")) {
            Process rdma = new ProcessBuilder("rdma", "resource", "show", kind)
                    .redirectErrorStream(true)
                    .start();
            String output = new String(rdma.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            rdma.waitFor();
            count += output.lines()
                    .filter(line -> threads.stream().anyMatch(line::contains))
                    .count();
        }
        return count;
    }
}
