package dev.weft.cluster;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.ClusterChange;
import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.LocalState;
import dev.weft.api.cluster.LocalTarget;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.PublicState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Storage nodes as they behave towards the manager's state: they report, are filled, crash and come back. */
final class ModelCluster {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private static final class Node {
        boolean up = true;
        long incarnation = 1;

        /** Targets of this start that have been seen out of use, so that they may be used. */
        final Set<Long> usable = new HashSet<>();
    }

    private final ClusterManagerConfig config;
    private final int targets;
    private final Map<Integer, Node> nodes = new HashMap<>();
    private final ChainSteps steps = new ChainSteps();
    private ClusterState state;
    private long now;
    private long sequence;

    ModelCluster(ClusterManagerConfig config, int nodes, int targets) {
        this.config = config;
        this.targets = targets;
        this.state = new ClusterState(config, "c", ClusterMap.EMPTY, 0);
        for (int node = 1; node <= nodes; node++) {
            add(node);
        }
        pass(5);
    }

    void add(int node) {
        nodes.put(node, new Node());
    }

    void crash(int node) {
        node(node).up = false;
    }

    void restart(int node) {
        Node restarted = node(node);
        if (!restarted.up) {
            restarted.up = true;
            restarted.incarnation++;
            restarted.usable.clear();
        }
    }

    private Node node(int id) {
        return Objects.requireNonNull(nodes.get(id));
    }

    /** Another manager becomes the primary: it knows what is stored. */
    void failOver() {
        state = new ClusterState(config, "c", state.map(), now);
    }

    ClusterMap map() {
        return state.map();
    }

    ClusterState state() {
        return state;
    }

    long now() {
        return now;
    }

    String change(ClusterChange change) {
        Operator.Answer answer = new Operator.Answer();
        if (change instanceof ClusterChange.PromoteTarget(int chain, long target) && Draft.serving(chain(chain)) == 0) {
            steps.takenForComplete(chain, target);
        }
        adopt(state.propose(change, answer, now));
        return answer.message();
    }

    /** Lets seconds pass, in each of which each node that is up reports. */
    void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now += SECOND;
            nodes.forEach((id, node) -> {
                if (node.up) {
                    report(id, node);
                }
            });
            adopt(state.propose(now));
        }
    }

    private void adopt(ClusterMap next) {
        steps.check(state.map(), next);
        state.adopt(next);
    }

    private void report(int id, Node node) {
        List<LocalTarget> local = new ArrayList<>();
        for (int i = 1; i <= targets; i++) {
            local.add(target(id * 1000L + i, node));
        }
        HeartbeatRequest request = new HeartbeatRequest(
                id, NodeRole.STORAGE, List.of("tcp://h" + id + ":1"), node.incarnation, ++sequence, 0, local);
        Optional<Refusal> refusal = state.heartbeat(request, now);
        if (refusal.isPresent()) {
            throw new AssertionError(refusal);
        }
        adopt(state.propose(now));
    }

    private LocalTarget target(long id, Node node) {
        Optional<Chain> chain = map().chains().values().stream()
                .filter(each -> Draft.member(each, id).isPresent())
                .findFirst();
        PublicState seen = chain.flatMap(each -> Draft.member(each, id))
                .map(ChainTarget::state)
                .orElse(PublicState.OFFLINE);
        if (seen == PublicState.OFFLINE || seen == PublicState.LASTSRV || node.incarnation == 1) {
            node.usable.add(id);
        }
        LocalState local = !node.usable.contains(id)
                ? LocalState.OFFLINE
                : switch (seen) {
                    // Filled at once.
                    case SERVING, SYNCING -> LocalState.UP_TO_DATE;
                    case LASTSRV, WAITING, OFFLINE -> LocalState.ONLINE;
                };
        return new LocalTarget(id, local, chain.map(Chain::version).orElse(0), 0, 100);
    }

    /** Chains per node. */
    Map<Integer, Integer> load() {
        Map<Integer, Integer> load = new HashMap<>();
        nodes.keySet().forEach(node -> load.put(node, 0));
        map().chains()
                .values()
                .forEach(chain -> chain.targets().forEach(target -> load.merge(target.nodeId(), 1, Integer::sum)));
        return load;
    }

    Chain chain(int id) {
        return Objects.requireNonNull(map().chains().get(id));
    }
}
