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

/** A cluster of processes with two managers, the first of which is killed. */
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
        }
    }

    private static String ok(String... arguments) {
        Outcome outcome = Outcome.of(arguments);
        assertEquals(0, outcome.exitCode(), outcome.errors());
        return outcome.output();
    }
}
