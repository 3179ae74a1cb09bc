package dev.weft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Clock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators do, against servers in this process: a manager, two storage nodes with chains, and a third without. */
final class ClusterCommandsTest {
    private static final Duration POLL = Duration.ofMillis(50);

    @TempDir
    static Path folder;

    private static final List<RunningServer> SERVERS = new ArrayList<>();
    private static String address = "";

    @BeforeAll
    static void start() throws Exception {
        address = "tcp://127.0.0.1:" + WeftTest.freePort();
        server(Map.of("role", "manager", "replicas", "2", "targets", "2", "listen", address));
        storage(11);
        storage(12);
        await("\"state\":\"serving\"", "chains");
        storage(13);
        await("\"node\":13", "nodes");
    }

    private static void storage(int node) throws Exception {
        server(Map.of(
                "role",
                "storage",
                "node-id",
                Integer.toString(node),
                "targets",
                "2",
                "manager",
                address,
                "listen",
                "tcp://127.0.0.1:" + WeftTest.freePort()));
    }

    private static void server(Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("data", folder.resolve("s" + SERVERS.size()).toString());
        SERVERS.add(RunningServer.start(ServerSettings.of(all)));
    }

    /** Until the JSON of a command has the text. */
    private static void await(String text, String... command) throws Exception {
        while (!ok(with(command, "--json")).contains(text)) {
            Clock.system().sleep(POLL);
        }
    }

    @AfterAll
    static void stop() {
        SERVERS.reversed().forEach(RunningServer::close);
    }

    @Test
    void everythingCanBeListed() {
        assertTrue(ok("nodes").contains("11     storage  up"));
        assertTrue(ok("nodes", "--json").contains("\"role\":\"storage\",\"alive\":true,\"draining\":"));
        assertTrue(ok("targets").contains("11001"));
        assertTrue(ok("targets", "--json").contains("\"target\":13001,\"node\":13"));
        assertTrue(ok("chains").contains("whole"));
        assertTrue(ok("tables").contains("1      1        1,2"));
        assertTrue(ok("tables", "--json").contains("\"chains\":[1,2]"));
        assertTrue(ok("clients").startsWith("client"));
        assertEquals("[]\n", ok("clients", "--json"));
        assertTrue(ok("operations").contains("nothing") || ok("operations").contains("node"));
    }

    @Test
    void optionsReachTheNodesAndErrorsComeBack() throws Exception {
        assertTrue(ok("config", "set", "storage", "heartbeat-interval=400ms").contains("heartbeat-interval = 400ms"));
        assertTrue(ok("config", "get", "storage", "--json").contains("\"heartbeat-interval\":\"400ms\""));
        while (run("config", "status").exitCode() != 0) {
            Clock.system().sleep(POLL);
        }
        ok("config", "set", "storage", "heartbeat-interval=1h", "colour=red");
        Outcome status = run("config", "status", "--json");
        while (!status.output().contains("more than half of the lease")) {
            Clock.system().sleep(POLL);
            status = run("config", "status", "--json");
        }
        assertEquals(Failures.FAILED, status.exitCode());
        assertTrue(status.output().contains("unknown option 'colour'"), status.output());
        ok("config", "set", "storage", "--unset", "heartbeat-interval", "--unset", "colour");
        assertEquals(2, run("config", "set", "storage").exitCode());
        assertEquals(2, run("config", "set", "everyone", "a=b").exitCode());
    }

    @Test
    void aNodeIsDrainedWhileItsChainsStayWhole() throws Exception {
        assertTrue(ok("drain", "12", "--wait").contains("node 12 is being drained"));
        assertTrue(ok("operations", "--json").contains("{\"node\":12,\"left\":0}"));
        assertTrue(ok("nodes").contains("12     storage  draining"));
        assertTrue(!ok("chains").contains("@12"));
        assertTrue(ok("drain", "12").contains("nothing to do"));
        ok("drain", "12", "--cancel");
        assertEquals(0, run("status").exitCode(), "whole all the time, and now");
        ok("rebalance", "--wait");
        assertTrue(ok("chains", "--json").contains("\"serving\""));
    }

    @Test
    void whatCannotBeIsRefusedWithAReason() {
        Outcome refused = run("target", "replace", "11001", "11002");
        assertEquals(Failures.FAILED, refused.exitCode());
        assertTrue(refused.errors().contains("is not spare"), refused.errors());
        assertTrue(run("chain", "remove", "77", "11001").errors().contains("there is no chain 77"));
        assertEquals(2, run("chain", "promote", "1", "11001").exitCode(), "data loss must be accepted");
        assertTrue(run("forget", "11").errors().contains("drain it first"));
        assertTrue(run("drain", "99").errors().contains("node 99 is not known"));
    }

    @Test
    void tablesAreNamedAndGo() {
        assertTrue(ok("table", "5", "1").contains("table 5 has 1 chains"));
        assertTrue(ok("tables", "--json").contains("\"table\":5,\"version\":1,\"chains\":[1]"));
        ok("table", "5");
        assertTrue(!ok("tables", "--json").contains("\"table\":5"));
    }

    @Test
    void aNodeOfAnotherClusterIsShutOut() throws Exception {
        Path data = folder.resolve("foreign");
        Files.createDirectories(data.resolve("storage"));
        Files.writeString(data.resolve("storage/cluster-id"), "another\n");
        try (RunningServer foreign = RunningServer.start(ServerSettings.of(Map.of(
                "role",
                "storage",
                "node-id",
                "66",
                "data",
                data.toString(),
                "manager",
                address,
                "listen",
                "tcp://127.0.0.1:" + WeftTest.freePort())))) {
            Clock.system().sleep(Duration.ofSeconds(1));
            assertTrue(!ok("nodes").contains("66     storage"));
            assertEquals(1, foreign.addresses().size());
        }
    }

    private static String[] with(String[] command, String... more) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static String ok(String... command) {
        Outcome outcome = run(command);
        assertEquals(0, outcome.exitCode(), outcome.errors());
        return outcome.output();
    }

    private static Outcome run(String... command) {
        List<String> all = new ArrayList<>(List.of("cluster"));
        all.addAll(List.of(command));
        all.addAll(List.of("--cluster", address));
        return Outcome.of(all.toArray(String[]::new));
    }
}
