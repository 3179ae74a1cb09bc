package dev.weft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Clock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of processes whose managers and metadata are in a store of three peers: the one that leads is killed. */
final class ReplicatedStoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    @Test
    @Timeout(400)
    void filesOutliveTheLeaderOfTheStore() throws Exception {
        Place place = Place.of(Place.Transport.TCP);
        int port = LocalCluster.freePort(place, 7900);
        Path file = Files.writeString(folder.resolve("file"), "kept");
        try (LocalCluster cluster = new LocalCluster(folder.resolve("data"), place, port, 1, 3)) {
            cluster.start();
            cluster.awaitWhole(PATIENCE);
            ok("fs", "put", file.toString(), "/before", "--cluster", cluster.address());
            String store = cluster.storeAddress();
            itsKeysCanBeLookedAt(store);
            Path dump = folder.resolve("dump");
            assertTrue(ok("kv", "dump", dump.toString(), "--store", store).startsWith("dumped "));
            restoreElsewhere(dump);

            String leader = leader(store);
            cluster.kill("kv-" + leader);
            ok("fs", "put", file.toString(), "/after", "--cluster", cluster.address());
            assertEquals("kept", ok("fs", "cat", "/before", "--cluster", cluster.address()));
            assertEquals("kept", ok("fs", "cat", "/after", "--cluster", cluster.address()));
            assertEquals(
                    Failures.FAILED,
                    Outcome.of("kv", "status", "--store", store).exitCode());

            cluster.start("kv-" + leader);
            cluster.awaitWhole(PATIENCE);
            aPeerIsAddedAndRemoved(store);
            assertEquals("kept", ok("fs", "cat", "/after", "--cluster", cluster.address()));
        }
    }

    private static void itsKeysCanBeLookedAt(String store) {
        String version = ok("kv", "get", "--text", "MV", "--store", store);
        assertEquals("4d56  schema version  0000000000000002  = 2\n", version);
        String entries = ok("kv", "scan", "--text", "MD", "--store", store);
        assertTrue(entries.contains("entry of 1: \"before\""), entries);
        String json = ok("kv", "scan", "4d56", "--json", "--store", store);
        assertEquals(
                "[{\"key\":\"4d56\",\"means\":\"schema version\",\"value\":\"0000000000000002\",\"number\":2}]\n",
                json);
        Outcome missing = Outcome.of("kv", "get", "00", "--store", store);
        assertEquals(Failures.NOT_FOUND, missing.exitCode());
        assertEquals(
                Failures.WRONG_USAGE,
                Outcome.of("kv", "get", "xyz", "--store", store).exitCode());
    }

    private void restoreElsewhere(Path dump) throws Exception {
        int port = WeftTest.freePort();
        String address = "tcp://127.0.0.1:" + port;
        assertEquals(
                Failures.NO_CLUSTER,
                Outcome.of("kv", "status", "--store", address).exitCode());
        Map<String, String> values =
                Map.of("role", "kv", "data", folder.resolve("elsewhere").toString(), "listen", address);
        try (RunningServer _ = RunningServer.start(ServerSettings.of(values))) {
            assertTrue(ok("kv", "restore", dump.toString(), "--store", address).startsWith("restored "));
            String entries = ok("kv", "scan", "--text", "MD", "--store", address);
            assertTrue(entries.contains("entry of 1: \"before\""), entries);
            Outcome again = Outcome.of("kv", "restore", dump.toString(), "--store", address);
            assertEquals(Failures.FAILED, again.exitCode());
            assertTrue(again.errors().contains("not empty"), again.errors());
            ok("kv", "restore", "--replace", dump.toString(), "--store", address);
            assertTrue(ok("kv", "status", "--store", address).contains("rocksdb"));
        }
    }

    private void aPeerIsAddedAndRemoved(String store) throws Exception {
        String peer = "4=127.0.0.1:" + WeftTest.freePort();
        String address = "tcp://127.0.0.1:" + WeftTest.freePort();
        Map<String, String> values = Map.of(
                "role", "kv",
                "engine", "ratis",
                "peer", "4",
                "peers", peer,
                "join", "true",
                "data", folder.resolve("four").toString(),
                "listen", address);
        try (RunningServer _ = RunningServer.start(ServerSettings.of(values))) {
            ok("kv", "peer", "add", peer, "--store", store);
            awaitStatus(store + "," + address, status -> status.contains("peer 4 at 127.0.0.1:"));
            ok("kv", "peer", "remove", "4", "--store", store);
            awaitStatus(store, status -> !status.contains("peer 4 at"));
        }
    }

    /** Waits until all answer, one leads, and the rest is as wished: an election may be under way. */
    private static String awaitStatus(String store, Predicate<String> condition) throws InterruptedException {
        Clock clock = Clock.system();
        long deadline = clock.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Outcome outcome = Outcome.of("kv", "status", "--store", store);
            if (outcome.exitCode() == 0 && condition.test(outcome.output())) {
                return outcome.output();
            }
            assertTrue(deadline - clock.nanoTime() > 0, outcome.output() + outcome.errors());
            clock.sleep(Duration.ofMillis(100));
        }
    }

    private static String leader(String store) throws InterruptedException {
        String status = awaitStatus(store, _ -> true);
        return status.lines()
                .filter(line -> line.contains(" yes "))
                .map(line -> line.split(" +", -1)[2])
                .findFirst()
                .orElseThrow();
    }

    private static String ok(String... arguments) {
        Outcome outcome = Outcome.of(arguments);
        assertEquals(0, outcome.exitCode(), outcome.errors());
        return outcome.output();
    }
}
