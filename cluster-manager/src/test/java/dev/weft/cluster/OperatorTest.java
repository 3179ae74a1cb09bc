package dev.weft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTable;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.ClusterChange;
import dev.weft.api.cluster.PublicState;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OperatorTest {
    /** Three nodes, two chains, nothing spare. */
    private final ModelCluster cluster =
            new ModelCluster(ClusterManagerConfig.defaults().withChains(3, 3, 2), 3, 2);

    private final long head = cluster.chain(1).targets().getFirst().targetId();

    private List<Long> targets(int chain) {
        return cluster.chain(chain).targets().stream()
                .map(ChainTarget::targetId)
                .toList();
    }

    private PublicState state(long target) {
        return cluster.map().chains().values().stream()
                .flatMap(chain -> chain.targets().stream())
                .filter(each -> each.targetId() == target)
                .findFirst()
                .orElseThrow()
                .state();
    }

    private String refused(StatusCode code, ClusterChange change) {
        ClusterMap before = cluster.map();
        RpcException refusal = assertThrows(RpcException.class, () -> cluster.change(change));
        assertEquals(code, refusal.code(), refusal.toString());
        assertSame(before, cluster.map());
        return String.valueOf(refusal.getMessage());
    }

    private void twiceIsOnce(ClusterChange change) {
        cluster.change(change);
        ClusterMap after = cluster.map();
        cluster.change(change);
        assertSame(after, cluster.map(), change::toString);
    }

    @Test
    void aTargetIsKeptOfflineAndComesBackAtTheEnd() {
        twiceIsOnce(new ClusterChange.TakeTargetOffline(head, false));
        cluster.pass(10);
        assertEquals(PublicState.OFFLINE, state(head));
        twiceIsOnce(new ClusterChange.PutTargetOnline(head));
        cluster.pass(10);
        assertEquals(PublicState.SERVING, state(head));
        assertEquals(head, targets(1).getLast());
    }

    @Test
    void theLastOneThatServesIsTakenOfflineOnlyIfThatIsSaid() {
        List<Long> all = targets(1);
        cluster.change(new ClusterChange.TakeTargetOffline(all.get(0), false));
        cluster.change(new ClusterChange.TakeTargetOffline(all.get(1), false));
        cluster.pass(2);
        String reason = refused(StatusCode.FAILED_PRECONDITION, new ClusterChange.TakeTargetOffline(all.get(2), false));
        assertTrue(reason.contains("stands still"), reason);
        cluster.change(new ClusterChange.TakeTargetOffline(all.get(2), true));
        cluster.pass(2);
        assertEquals(PublicState.LASTSRV, state(all.get(2)));
    }

    @Test
    void aChainGoesBackToItsPreferredOrderOneTargetAtATime() {
        List<Long> preferred = targets(1);
        cluster.change(new ClusterChange.TakeTargetOffline(head, false));
        cluster.pass(2);
        cluster.change(new ClusterChange.PutTargetOnline(head));
        cluster.pass(5);
        assertTrue(!targets(1).equals(preferred));
        cluster.change(new ClusterChange.RotatePreferred(1));
        for (int i = 0; i < 30; i++) {
            cluster.pass(1);
            assertTrue(Draft.serving(cluster.chain(1)) >= 2);
        }
        assertEquals(preferred, targets(1));
        assertEquals(List.of(), cluster.map().plan().rotating());
        int version = cluster.chain(1).version();
        cluster.change(new ClusterChange.RotatePreferred(0));
        cluster.pass(5);
        assertEquals(version, cluster.chain(1).version());
    }

    @Test
    void anotherOrderCanBePreferredIfItIsOneOfTheChain() {
        List<Long> reversed = targets(1).reversed();
        twiceIsOnce(new ClusterChange.PreferOrder(1, reversed));
        cluster.change(new ClusterChange.RotatePreferred(1));
        cluster.pass(40);
        assertEquals(reversed, targets(1));
        refused(StatusCode.INVALID_ARGUMENT, new ClusterChange.PreferOrder(1, List.of(head)));
        refused(StatusCode.INVALID_ARGUMENT, new ClusterChange.PreferOrder(1, List.of(head, head, head)));
        refused(StatusCode.INVALID_ARGUMENT, new ClusterChange.PreferOrder(77, List.of(head)));
    }

    @Test
    void aTargetIsReplacedByASpareOneOnAnotherNode() {
        String reason = refused(StatusCode.FAILED_PRECONDITION, new ClusterChange.ReplaceTarget(head, 0));
        assertTrue(reason.contains("no spare target"), reason);
        cluster.add(4);
        cluster.pass(1);
        twiceIsOnce(new ClusterChange.ReplaceTarget(head, 4001));
        assertEquals(4, targets(1).size());
        cluster.pass(5);
        assertEquals(3, targets(1).size());
        assertTrue(targets(1).contains(4001L));
        twiceIsOnce(new ClusterChange.ReplaceTarget(head, 4001));
        refused(
                StatusCode.FAILED_PRECONDITION,
                new ClusterChange.ReplaceTarget(targets(2).getFirst(), 4001));
    }

    @Test
    void aFormerMemberIsNotUsedForNewChains() {
        cluster.add(4);
        cluster.pass(1);
        cluster.change(new ClusterChange.ReplaceTarget(head, 4001));
        cluster.pass(5);
        cluster.add(5);
        cluster.add(6);
        cluster.pass(5);
        assertTrue(cluster.map().chains().values().stream()
                .flatMap(chain -> chain.targets().stream())
                .noneMatch(target -> target.targetId() == head));
        cluster.change(new ClusterChange.ReplaceTarget(4001, head));
        cluster.pass(5);
        assertTrue(targets(1).contains(head), "but it may be filled again");
    }

    @Test
    void targetsJoinAndLeaveChains() {
        cluster.add(4);
        cluster.pass(1);
        twiceIsOnce(new ClusterChange.AddTarget(1, 4001));
        cluster.pass(5);
        assertEquals(4, Draft.serving(cluster.chain(1)));
        refused(StatusCode.FAILED_PRECONDITION, new ClusterChange.AddTarget(1, 4002));
        refused(
                StatusCode.FAILED_PRECONDITION,
                new ClusterChange.AddTarget(1, targets(2).getFirst()));
        twiceIsOnce(new ClusterChange.RemoveTarget(1, head));
        twiceIsOnce(new ClusterChange.RemoveTarget(1, targets(1).getFirst()));
        twiceIsOnce(new ClusterChange.RemoveTarget(1, targets(1).getFirst()));
        refused(
                StatusCode.FAILED_PRECONDITION,
                new ClusterChange.RemoveTarget(1, targets(1).getFirst()));
    }

    @Test
    void aChainThatStandsStillGoesOnFromWhereTheOperatorSays() {
        List<Long> all = targets(1);
        assertTrue(
                cluster.change(new ClusterChange.PromoteTarget(1, all.get(2))).contains("serves"));
        cluster.crash((int) (all.get(2) / 1000));
        cluster.pass(10);
        cluster.crash((int) (all.get(0) / 1000));
        cluster.crash((int) (all.get(1) / 1000));
        cluster.pass(10);
        assertEquals(0, Draft.serving(cluster.chain(1)));
        cluster.restart((int) (all.get(2) / 1000));
        cluster.pass(10);
        assertEquals(0, Draft.serving(cluster.chain(1)), "it was not the last to serve");
        cluster.change(new ClusterChange.PromoteTarget(1, all.get(2)));
        cluster.pass(2);
        assertEquals(PublicState.SERVING, state(all.get(2)));
        cluster.restart((int) (all.get(0) / 1000));
        cluster.restart((int) (all.get(1) / 1000));
        cluster.pass(10);
        assertEquals(3, Draft.serving(cluster.chain(1)));
    }

    @Test
    void aNodeIsForgottenWhenItIsDownAndEmpty() {
        cluster.add(4);
        cluster.pass(1);
        refused(StatusCode.FAILED_PRECONDITION, new ClusterChange.RemoveNode(1));
        refused(StatusCode.FAILED_PRECONDITION, new ClusterChange.RemoveNode(4));
        cluster.crash(4);
        cluster.pass(10);
        twiceIsOnce(new ClusterChange.RemoveNode(4));
        cluster.pass(2);
        assertTrue(!cluster.map().nodes().containsKey(4));
    }

    @Test
    void tablesNameChainsAndTheFirstHasAll() {
        Chain first = cluster.chain(1);
        assertEquals(
                new ChainTable(ChainTable.ALL, 1, List.of(1, 2)),
                cluster.map().tables().get(ChainTable.ALL));
        twiceIsOnce(new ClusterChange.SetTable(7, List.of(first.chainId())));
        assertEquals(new ChainTable(7, 1, List.of(1)), cluster.map().tables().get(7));
        cluster.change(new ClusterChange.SetTable(7, List.of(2, 1)));
        assertEquals(new ChainTable(7, 2, List.of(2, 1)), cluster.map().tables().get(7));
        twiceIsOnce(new ClusterChange.SetTable(7, List.of()));
        refused(StatusCode.INVALID_ARGUMENT, new ClusterChange.SetTable(ChainTable.ALL, List.of(1)));
        refused(StatusCode.INVALID_ARGUMENT, new ClusterChange.SetTable(7, List.of(99)));
    }

    @Test
    void aDrainWithoutRoomSaysWhatItWaitsFor() {
        twiceIsOnce(new ClusterChange.DrainNode(1, false));
        cluster.pass(3);
        var operations = cluster.state().operations(cluster.now());
        assertEquals(2, operations.drains().getFirst().left());
        assertTrue(operations.waiting().getFirst().contains("no spare target"), operations::toString);
        twiceIsOnce(new ClusterChange.DrainNode(1, true));
        assertEquals(List.of(), cluster.state().operations(cluster.now()).drains());
        refused(StatusCode.INVALID_ARGUMENT, new ClusterChange.DrainNode(99, false));
    }
}
