package dev.weft.rpc.rdma.ffm;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

    /** Queue pairs, completion queues, protection domains and memory regions of this process. */
    private static long resources() throws Exception {
        long lines = 0;
        String pid = "pid " + ProcessHandle.current().pid();
        for (String kind : List.of("qp", "cq", "pd", "mr", "cm_id", "ctx")) {
            Process rdma = new ProcessBuilder("rdma", "resource", "show", kind)
                    .redirectErrorStream(true)
                    .start();
            String output = new String(rdma.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            rdma.waitFor();
            lines += output.lines().filter(line -> line.contains(pid)).count();
        }
        return lines;
    }
}
