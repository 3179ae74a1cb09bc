package dev.weft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.StatusReply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of processes with two managers: the primary is killed, and the next one frozen for a while. */
final class SeveralManagersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void theOtherManagerTakesOverAndNothingIsLost() throws Exception {
        Place place = Place.of(Place.Transport.TCP);
        int port = LocalCluster.freePort(place, 7600);
        Path file = Files.writeString(folder.resolve("file"), "kept");
        try (LocalCluster cluster = new LocalCluster(folder.resolve("data"), place, port, 2)) {
            cluster.start();
            StatusReply before = cluster.awaitWhole(PATIENCE);
            ok("fs", "put", file.toString(), "/before", "--cluster", cluster.address());
            ok("cluster", "config", "set", "storage", "heartbeat-interval=500ms", "--cluster", cluster.address());

            cluster.kill("manager-" + (before.primary() == 1 ? 1 : 2));
            StatusReply after =
                    cluster.await("led by the other manager", PATIENCE, status -> status.primary() != before.primary());
            assertNotEquals(before.term(), after.term());
            assertEquals(before.clusterId(), after.clusterId());
            assertEquals(before.routing().chains(), after.routing().chains(), "no chain was touched");

            assertEquals("kept", ok("fs", "cat", "/before", "--cluster", cluster.address()));
            ok("fs", "put", file.toString(), "/after", "--cluster", cluster.address());
            cluster.kill("storage-1");
            cluster.await("without node 11", PATIENCE, status -> !ClusterCommand.isWhole(status));
            cluster.start("storage-1");
            cluster.awaitWhole(PATIENCE);
            assertEquals("kept", ok("fs", "cat", "/after", "--cluster", cluster.address()));
            String config = ok("cluster", "config", "status", "--cluster", cluster.address());
            assertTrue(config.contains("11     storage  1       1       -"), config);

            cluster.start("manager-" + (before.primary() == 1 ? 1 : 2));
            oneThatIsFrozenIsReplacedAndFollowsWhenItGoesOn(cluster, after.primary() == 1 ? "manager-1" : "manager-2");
        }
    }

    private static void oneThatIsFrozenIsReplacedAndFollowsWhenItGoesOn(LocalCluster cluster, String primary)
            throws Exception {
        StatusReply before = cluster.awaitWhole(PATIENCE);
        signal("-STOP", cluster.pid(primary));
        try {
            StatusReply after =
                    cluster.await("led by the other manager", PATIENCE, status -> status.primary() != before.primary());
            assertEquals(before.term() + 1, after.term());
        } finally {
            signal("-CONT", cluster.pid(primary));
        }
        StatusReply later = cluster.awaitWhole(PATIENCE);
        assertEquals(before.term() + 1, later.term());
        assertEquals("kept", ok("fs", "cat", "/after", "--cluster", cluster.address()));
    }

    private static void signal(String name, long pid) throws Exception {
        assertEquals(
                0, new ProcessBuilder("kill", name, Long.toString(pid)).start().waitFor());
    }

    private static String ok(String... arguments) {
        Outcome outcome = Outcome.of(arguments);
        assertEquals(0, outcome.exitCode(), outcome.errors());
        return outcome.output();
    }
}
