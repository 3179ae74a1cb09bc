package dev.weft.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Clock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose addresses are all of RDMA, on the devices that are found without being told. */
abstract class RdmaClusterContract {
    private static final int BYTES = 3 << 20;

    @TempDir
    Path folder;

    @Test
    final void filesGoInAndOutOneSided() throws Exception {
        String listen = Place.of(Place.Transport.RDMA).address(WeftTest.freePort());
        assertTrue(listen.startsWith("rdma://"), listen);
        try (RunningServer server = RunningServer.start(ServerSettings.of(
                Map.of("role", "all", "data", folder.resolve("data").toString(), "listen", listen)))) {
            assertEquals(List.of(listen), server.addresses());
            while (Outcome.of("cluster", "status", "--cluster", listen).exitCode() != 0) {
                Clock.system().sleep(Duration.ofMillis(50));
            }
            byte[] bytes = new byte[BYTES];
            new Random(1).nextBytes(bytes);
            Path file = Files.write(folder.resolve("file"), bytes);
            ok("fs", "put", file.toString(), "/file", "--cluster", listen);
            Path back = folder.resolve("back");
            ok("fs", "get", "/file", back.toString(), "--cluster", listen);
            assertArrayEquals(bytes, Files.readAllBytes(back));
            String counters = ok("cluster", "counters", "--cluster", listen);
            assertEquals(BYTES, counter(counters, "rdma.read-bytes"), "pulled by the one replica");
            assertEquals(BYTES, counter(counters, "rdma.write-bytes"), "put into the reader's memory");
            assertTrue(counter(counters, "rdma.send-bytes") < BYTES / 20, "in messages: " + counters);
        }
    }

    private static long counter(String counters, String name) {
        Matcher matcher =
                Pattern.compile("(?m)^" + Pattern.quote(name) + " +(\\d+)$").matcher(counters);
        assertTrue(matcher.find(), name + " is not in " + counters);
        return Long.parseLong(matcher.group(1));
    }

    private static String ok(String... arguments) {
        Outcome outcome = Outcome.of(arguments);
        assertEquals(0, outcome.exitCode(), outcome.errors());
        return outcome.output();
    }
}
