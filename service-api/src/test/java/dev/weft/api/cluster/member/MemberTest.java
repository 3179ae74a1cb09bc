package dev.weft.api.cluster.member;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.ConfigSet;
import dev.weft.api.cluster.ConfigStatus;
import dev.weft.api.cluster.HeartbeatReply;
import dev.weft.api.cluster.NodeRole;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MemberTest {
    @TempDir
    Path folder;

    private final List<String> applied = new ArrayList<>();
    private final HotOptions options = new HotOptions()
            .duration("interval", Duration.ofSeconds(1), value -> applied.add("interval " + value))
            .number("rate", 10, 1, 100, value -> applied.add("rate " + value));

    private void configure(long version, Map<String, String> values) {
        options.accept(new ConfigSet(NodeRole.STORAGE, version, values));
    }

    @Test
    void anOptionIsAppliedWhenItChangesAndGoesBackToItsOwnValue() {
        configure(1, Map.of("interval", "250ms", "rate", "10"));
        assertEquals(List.of("interval PT0.25S"), applied);
        configure(2, Map.of("interval", "250ms", "rate", "20"));
        configure(3, Map.of());
        assertEquals(List.of("interval PT0.25S", "rate 20", "interval PT1S", "rate 10"), applied);
        assertEquals(new ConfigStatus(3, ""), options.status());
    }

    @Test
    void whatCannotBeAppliedIsReportedAndTheRestIsApplied() {
        configure(7, Map.of("interval", "soon", "rate", "50", "colour", "red"));
        assertEquals(List.of("rate 50"), applied);
        assertEquals(7, options.status().version());
        String error = options.status().error();
        assertTrue(error.contains("unknown option 'colour'; known are interval, rate"), error);
        assertTrue(error.contains("interval: 'soon' is not a duration"), error);
        configure(8, Map.of("rate", "101"));
        assertTrue(options.status().error().contains("'101' is not a number from 1 to 100"), error);
        assertEquals(List.of("rate 50"), applied, "it keeps what it had");
        configure(9, Map.of("rate", "50"));
        assertEquals(new ConfigStatus(9, ""), options.status());
        assertEquals(List.of("rate 50"), applied);
    }

    @Test
    void aVeryLongErrorIsCut() {
        configure(1, Map.of("x".repeat(5000), "1"));
        assertTrue(options.status().error().length() < 600);
    }

    @Test
    void theNameOfTheClusterIsKeptBesideTheData() throws IOException {
        ClusterIdentity identity = ClusterIdentity.inFolder(folder.resolve("new"));
        assertEquals("", identity.clusterId());
        Member member = new Member(identity, options);
        member.accept(reply("one", Optional.of(new ConfigSet(NodeRole.STORAGE, 4, Map.of()))));
        assertEquals("one", member.clusterId());
        assertEquals(4, member.config().version());
        assertEquals("one", ClusterIdentity.inFolder(folder.resolve("new")).clusterId());
        member.accept(reply("two", Optional.empty()));
        assertEquals("one", member.clusterId(), "a node does not change its cluster");
    }

    @Test
    void aFreshMemberForgets() {
        Member.fresh().accept(reply("one", Optional.empty()));
        assertFalse(Member.fresh().clusterId().equals("one"));
    }

    private static HeartbeatReply reply(String clusterId, Optional<ConfigSet> config) {
        return new HeartbeatReply(Duration.ofSeconds(1), Optional.empty(), Optional.empty(), clusterId, config);
    }
}
