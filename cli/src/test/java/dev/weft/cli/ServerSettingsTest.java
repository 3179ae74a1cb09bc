package dev.weft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.kv.ratis.RatisPeer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ServerSettingsTest {
    @Test
    void defaults() {
        assertEquals(
                new ServerSettings(
                        Role.ALL,
                        1,
                        Path.of(".weft"),
                        List.of("tcp://127.0.0.1:7100"),
                        List.of(),
                        List.of(),
                        StoreSettings.alone(),
                        4,
                        1,
                        1,
                        Duration.ofSeconds(6),
                        new RecordingSettings(false, "", 1L << 30)),
                ServerSettings.of(Map.of()));
    }

    @Test
    void recordingThatCannotBeIsRefused() {
        for (Map<String, String> values : List.of(
                Map.of("record", "yes"), Map.of("record-limit", "1 elephant"), Map.of("record-limit", "1MiB"))) {
            assertThrows(UsageException.class, () -> ServerSettings.of(values), values.toString());
        }
    }

    @Test
    void fullMapping() {
        Map<String, String> values = Map.ofEntries(
                Map.entry("role", "storage"),
                Map.entry("node-id", "12"),
                Map.entry("data", "/var/weft"),
                Map.entry("listen", "tcp://10.0.0.1:1, unix:/run/weft"),
                Map.entry("manager", "tcp://10.0.0.9:7100"),
                Map.entry("targets", "7"),
                Map.entry("replicas", "2"),
                Map.entry("storage-nodes", "5"),
                Map.entry("failure-time", "20s"),
                Map.entry("record", "true"),
                Map.entry("record-folder", "/var/trace"),
                Map.entry("record-limit", "64MiB"));
        ServerSettings settings = ServerSettings.of(values);
        assertEquals(
                new ServerSettings(
                        Role.STORAGE,
                        12,
                        Path.of("/var/weft"),
                        List.of("tcp://10.0.0.1:1", "unix:/run/weft"),
                        List.of("tcp://10.0.0.9:7100"),
                        List.of(),
                        StoreSettings.alone(),
                        7,
                        2,
                        5,
                        Duration.ofSeconds(20),
                        new RecordingSettings(true, "/var/trace", 64 << 20)),
                settings);
        assertEquals(settings, ServerSettings.of(settings.values()));
    }

    @Test
    void managersMayShareAStore() {
        ServerSettings settings = ServerSettings.of(Map.of("role", "manager", "store", "tcp://10.0.0.9:7102"));
        assertEquals(List.of("tcp://10.0.0.9:7102"), settings.store());
        assertEquals(settings, ServerSettings.of(settings.values()));
    }

    @Test
    void aStoreMayHavePeers() {
        Map<String, String> values =
                Map.of("role", "kv", "engine", "ratis", "peer", "2", "peers", "1=h:1,2=10.0.0.2:7202,3=h:3");
        ServerSettings settings = ServerSettings.of(values);
        assertEquals(
                new StoreSettings(
                        StoreSettings.Engine.RATIS,
                        "2",
                        List.of(
                                new RatisPeer("1", "h", 1),
                                new RatisPeer("2", "10.0.0.2", 7202),
                                new RatisPeer("3", "h", 3)),
                        false),
                settings.storeSettings());
        assertEquals(settings, ServerSettings.of(settings.values()));
        assertRefused(Map.of("role", "kv", "engine", "ratis", "peer", "9", "peers", "1=h:1"), "peer '9' is not among");
        assertRefused(Map.of("role", "kv", "engine", "ratis", "peer", "1", "peers", "1=h:1"), "3 peers or more, not 1");
        assertRefused(
                Map.of("role", "kv", "engine", "ratis", "peer", "1", "peers", "1:h"), "not written as id=host:port");
        assertRefused(Map.of("role", "kv", "peer", "1"), "are for engine ratis only");
        assertRefused(Map.of("role", "kv", "engine", "etcd"), "none of rocksdb, ratis");
        assertRefused(
                Map.of("role", "meta", "manager", "m", "engine", "ratis", "peer", "1", "peers", "1=h:1,2=h:2,3=h:3"),
                "are for role kv only");
    }

    @Test
    void anUnknownKeyIsRefusedAndTheNearestNamed() {
        assertRefused(Map.of("node-di", "1"), "unknown key 'node-di'; did you mean 'node-id'?");
        assertRefused(Map.of("colour", "red"), "known are role, node-id");
    }

    @Test
    void valuesThatCannotBeAreRefused() {
        assertRefused(Map.of("role", "boss"), "role 'boss' is none of");
        assertRefused(Map.of("targets", "many"), "targets 'many' is not a number");
        assertRefused(Map.of("targets", "0"), "targets of 0 is not in 1..1000");
        assertRefused(Map.of("role", "meta"), "manager is missing");
        assertRefused(Map.of("role", "all", "store", "tcp://h:1"), "store is for roles manager and meta");
        assertRefused(Map.of("failure-time", "soon"), "'soon' is not a duration");
    }

    private static void assertRefused(Map<String, String> values, String expected) {
        UsageException e = assertThrows(UsageException.class, () -> ServerSettings.of(values));
        assertTrue(e.toString().contains(expected), e.toString());
    }
}
