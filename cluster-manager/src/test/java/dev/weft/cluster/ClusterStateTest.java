package dev.weft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ConfigStatus;
import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.LocalState;
import dev.weft.api.cluster.LocalTarget;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.PublicState;
import dev.weft.rpc.StatusCode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ClusterStateTest {
    private static final ClusterManagerConfig CONFIG =
            ClusterManagerConfig.defaults().withChains(3, 3, 2);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final StorageNode one = new StorageNode(1, 1);
    private final StorageNode two = new StorageNode(2, 1);
    private final StorageNode three = new StorageNode(3, 1);
    private ClusterState state = new ClusterState(CONFIG, "c", ClusterMap.EMPTY, 0);

    private void beat(StorageNode node, LocalState local, int chainVersion, long now) {
        assertEquals(Optional.empty(), state.heartbeat(node.heartbeat(local, chainVersion), now));
        decide(now);
    }

    private void decide(long now) {
        state.adopt(state.propose(now));
    }

    private Chain chain(int id) {
        return Objects.requireNonNull(state.map().chains().get(id));
    }

    private void formChains() {
        beat(one, LocalState.ONLINE, 0, 0);
        beat(two, LocalState.ONLINE, 0, 0);
        assertTrue(state.map().chains().isEmpty());
        beat(three, LocalState.ONLINE, 0, 0);
    }

    @Test
    void formsChainsOnceEnoughNodesAreThere() {
        formChains();
        assertEquals(2, state.map().chains().size());
        for (Chain chain : state.map().chains().values()) {
            assertEquals(1, chain.version());
            assertEquals(3, chain.targets().size());
            assertTrue(chain.targets().stream().allMatch(target -> target.state() == PublicState.SERVING));
        }
    }

    @Test
    void proposesNothingWhileNothingHappens() {
        formChains();
        assertSame(state.map(), state.propose(SECOND));
    }

    /** Forms chains and lets node 1 fail at the failure time. */
    private void loseNodeOne() {
        formChains();
        long end = CONFIG.failureTime().toNanos();
        beat(two, LocalState.ONLINE, 1, end - 1);
        beat(three, LocalState.ONLINE, 1, end - 1);
        assertEquals(1, chain(1).version());
        decide(end);
    }

    @Test
    void aSilentNodeFailsAndItsTargetsGoToTheEndOfTheirChains() {
        loseNodeOne();
        assertFalse(state.map().routing().nodes().getFirst().alive());
        for (Chain chain : state.map().chains().values()) {
            assertEquals(2, chain.version());
            assertEquals(1, chain.targets().getLast().nodeId());
            assertEquals(PublicState.OFFLINE, chain.targets().getLast().state());
        }
    }

    @Test
    void aNodeThatComesBackIsFilledAndServesAgain() {
        loseNodeOne();
        long now = CONFIG.failureTime().toNanos() + SECOND;
        StorageNode restarted = new StorageNode(1, 2);
        beat(restarted, LocalState.ONLINE, 1, now);
        assertEquals(PublicState.SYNCING, chain(1).targets().getLast().state());
        assertEquals(3, chain(1).version());

        beat(restarted, LocalState.UP_TO_DATE, 2, now);
        assertEquals(
                PublicState.SYNCING,
                chain(1).targets().getLast().state(),
                "complete for an older chain counts for nothing");

        beat(restarted, LocalState.UP_TO_DATE, 3, now);
        assertEquals(PublicState.SERVING, chain(1).targets().getLast().state());
        assertEquals(4, chain(1).version());
    }

    @Test
    void heartbeatsThatArriveLateAreIgnored() {
        formChains();
        beat(one, LocalState.ONLINE, 1, SECOND);
        assertEquals(Optional.empty(), state.heartbeat(one.heartbeat(1, LocalState.OFFLINE, 1), SECOND));
        decide(SECOND);
        assertEquals(1, chain(1).version());
    }

    @Test
    void anEarlierIncarnationIsRefused() {
        beat(new StorageNode(1, 5), LocalState.ONLINE, 0, 0);
        Refusal refusal = state.heartbeat(new StorageNode(1, 4).heartbeat(LocalState.ONLINE, 0), 0)
                .orElseThrow();
        assertEquals(StatusCode.FAILED_PRECONDITION, refusal.code());
    }

    @Test
    void refusesHeartbeatsThatMakeNoSense() {
        beat(one, LocalState.ONLINE, 0, 0);
        List<String> addresses = List.of("tcp://a:1");
        LocalTarget foreign = new LocalTarget(2000, LocalState.ONLINE, 0, 0, 0);
        LocalTarget own = new LocalTarget(1000, LocalState.ONLINE, 0, 0, 0);
        for (HeartbeatRequest request : List.of(
                new HeartbeatRequest(0, NodeRole.STORAGE, addresses, 9, 1, 0, List.of()),
                new HeartbeatRequest(1, NodeRole.META, addresses, 9, 1, 0, List.of()),
                new HeartbeatRequest(1, NodeRole.STORAGE, List.of(), 9, 1, 0, List.of()),
                new HeartbeatRequest(1, NodeRole.STORAGE, List.of("x".repeat(300)), 9, 1, 0, List.of()),
                new HeartbeatRequest(1, NodeRole.STORAGE, addresses, 9, 1, 0, List.of(foreign)),
                new HeartbeatRequest(1, NodeRole.STORAGE, addresses, 9, 1, 0, List.of(own, own)),
                new HeartbeatRequest(2, NodeRole.META, addresses, 9, 1, 0, List.of(foreign)))) {
            Refusal refusal = state.heartbeat(request, 0).orElseThrow(() -> new AssertionError(request));
            assertEquals(StatusCode.INVALID_ARGUMENT, refusal.code());
        }
    }

    @Test
    void afterARestartChainsStayAsTheyAreUntilTheirNodesReportOrHadTheTimeTo() {
        formChains();
        long later = 100 * SECOND;
        state = new ClusterState(CONFIG, "c", state.map(), later);
        decide(later);
        beat(one, LocalState.ONLINE, 1, later + SECOND);
        beat(two, LocalState.ONLINE, 1, later + SECOND);
        assertEquals(1, chain(1).version());
        decide(later + CONFIG.failureTime().toNanos());
        assertEquals(2, chain(1).version());
        assertEquals(3, chain(1).targets().getLast().nodeId());
    }

    @Test
    void aTargetThatItsNodeNoLongerReportsIsOffline() {
        formChains();
        HeartbeatRequest withoutTargets =
                new HeartbeatRequest(1, NodeRole.STORAGE, List.of("tcp://host1:1"), 1, 99, 0, List.of());
        assertEquals(Optional.empty(), state.heartbeat(withoutTargets, SECOND));
        decide(SECOND);
        assertEquals(PublicState.OFFLINE, chain(1).targets().getLast().state());
    }

    @Test
    void nodesAddedLaterGetChainsOfTheirOwn() {
        formChains();
        beat(new StorageNode(4, 1), LocalState.ONLINE, 0, 0);
        beat(new StorageNode(5, 1), LocalState.ONLINE, 0, 0);
        assertEquals(2, state.map().chains().size());
        beat(new StorageNode(6, 1), LocalState.ONLINE, 0, 0);
        assertEquals(4, state.map().chains().size());
        assertTrue(chain(3).targets().stream().allMatch(target -> target.nodeId() > 3));
    }

    @Test
    void statusShowsSpareAndFailedTargets() {
        beat(one, LocalState.ONLINE, 0, 0);
        var spare = state.targets(0).getFirst();
        assertEquals(0, spare.chainId());
        assertEquals(LocalState.ONLINE, spare.report().state());
        assertEquals(100, spare.report().capacityBytes());
        long failed = CONFIG.failureTime().toNanos();
        assertEquals(
                LocalState.OFFLINE, state.targets(failed).getFirst().report().state());
    }

    @Test
    void metadataServersAreNodesToo() {
        HeartbeatRequest meta = new HeartbeatRequest(50, NodeRole.META, List.of("tcp://meta:1"), 1, 1, 0, List.of());
        assertEquals(Optional.empty(), state.heartbeat(meta, 0));
        decide(0);
        assertEquals(
                List.of(new NodeInfo(50, NodeRole.META, List.of("tcp://meta:1"), true)),
                state.map().routing().nodes());
    }

    @Test
    void aNodeOfAnotherClusterIsRefusedWithAReason() {
        HeartbeatRequest foreign = new HeartbeatRequest(
                1, NodeRole.STORAGE, List.of("tcp://a:1"), 1, 1, 0, List.of(), "old", ConfigStatus.NONE);
        Refusal refusal = state.heartbeat(foreign, 0).orElseThrow();
        assertEquals(StatusCode.FAILED_PRECONDITION, refusal.code());
        assertTrue(refusal.reason().contains("cluster old"), refusal.reason());
        assertTrue(refusal.reason().contains("lost their store"), refusal.reason());
        HeartbeatRequest own = new HeartbeatRequest(
                1, NodeRole.STORAGE, List.of("tcp://a:1"), 1, 1, 0, List.of(), "c", ConfigStatus.NONE);
        assertEquals(Optional.empty(), state.heartbeat(own, 0));
    }
}
