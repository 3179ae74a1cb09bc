package dev.weft.simulation;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.ClusterAdmin;
import dev.weft.api.cluster.ClusterAdminRpc;
import dev.weft.api.cluster.ClusterChange;
import dev.weft.api.cluster.routing.PrimaryFinder;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** Somebody who changes the cluster while it works: adds a node, drains others, moves targets and takes them out of use. */
final class OperatorNode extends ClusterNode {
    private static final System.Logger LOG = System.getLogger(OperatorNode.class.getName());
    private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

    /** What an operator does. */
    private enum Wish {
        REPLACE,
        DRAIN,
        KEEP,
        REBALANCE,
        OFFLINE,
        ONLINE,
        ROTATE,
        GROW,
        SHRINK
    }

    /** Kept out of use by us. */
    final Set<Long> offline = new TreeSet<>();

    /** Wanted empty. */
    final Set<Integer> draining = new TreeSet<>();

    OperatorNode(World world) {
        super(world, "operator");
    }

    static PrimaryFinder<ClusterAdmin> admin(World world, RpcClient rpc, Environment environment) {
        return new PrimaryFinder<>(
                world.managerAddresses(),
                address -> rpc.stub(ClusterAdminRpc.SERVICE, address),
                MANAGER_PATIENCE,
                environment.clock());
    }

    @Override
    protected void run(Environment environment) throws InterruptedException {
        RpcClient rpc = client(environment, buffers(environment));
        RoutingFollower follower = new RoutingFollower(manager(rpc, environment), environment);
        follower.start();
        PrimaryFinder<ClusterAdmin> admin = admin(world, rpc, environment);
        while (follower.current().chains().isEmpty()) {
            environment.clock().sleep(Duration.ofMillis(100));
        }
        world.addNode();
        while (world.working) {
            RandomGenerator random = environment.random();
            environment.clock().sleep(Duration.ofNanos(random.nextLong(PAUSE_MAX.toNanos())));
            List<Chain> chains = List.copyOf(follower.current().chains());
            if (world.working) {
                wish(admin, chains.get(random.nextInt(chains.size())), random);
            }
        }
    }

    private void wish(PrimaryFinder<ClusterAdmin> admin, Chain chain, RandomGenerator random) {
        List<ChainTarget> targets = chain.targets();
        ChainTarget target = targets.get(random.nextInt(targets.size()));
        int id = chain.chainId();
        switch (Wish.values()[random.nextInt(Wish.values().length)]) {
            case REPLACE -> ask(admin, "replace", new ClusterChange.ReplaceTarget(target.targetId(), 0));
            case DRAIN -> {
                if (draining.isEmpty()) {
                    draining.add(target.nodeId());
                    ask(admin, "drain", new ClusterChange.DrainNode(target.nodeId(), false));
                }
            }
            case KEEP -> {
                for (int node : List.copyOf(draining)) {
                    if (ask(admin, "keep", new ClusterChange.DrainNode(node, true))) {
                        draining.remove(node);
                    }
                }
            }
            case REBALANCE -> ask(admin, "rebalance", new ClusterChange.Rebalance(random.nextInt(4) == 0));
            case OFFLINE -> {
                offline.add(target.targetId());
                ask(admin, "offline", new ClusterChange.TakeTargetOffline(target.targetId(), random.nextInt(4) == 0));
            }
            case ONLINE -> {
                for (long away : List.copyOf(offline)) {
                    if (ask(admin, "online", new ClusterChange.PutTargetOnline(away))) {
                        offline.remove(away);
                    }
                }
            }
            case ROTATE -> {
                List<Long> order = new ArrayList<>(
                        targets.stream().map(ChainTarget::targetId).toList());
                order.addFirst(order.remove(random.nextInt(order.size())));
                if (ask(admin, "prefer", new ClusterChange.PreferOrder(id, order))) {
                    ask(admin, "rotate", new ClusterChange.RotatePreferred(id));
                }
            }
            case GROW -> {
                if (targets.size() == World.REPLICAS) {
                    long spare = (1 + random.nextInt(world.storage.size())) * 1000L
                            + 1
                            + random.nextInt(World.TARGETS_PER_NODE);
                    ask(admin, "add-target", new ClusterChange.AddTarget(id, spare));
                }
            }
            case SHRINK -> {
                if (targets.size() > World.REPLICAS) {
                    ask(admin, "remove-target", new ClusterChange.RemoveTarget(id, target.targetId()));
                }
            }
        }
    }

    /** False if it was refused, or nobody knows whether it was done. */
    private boolean ask(PrimaryFinder<ClusterAdmin> admin, String what, ClusterChange change) {
        try {
            String answer =
                    admin.call(Duration.ZERO, primary -> primary.change(change)).message();
            world.coverage().count("operator." + what);
            LOG.log(System.Logger.Level.INFO, () -> "operator: " + change + ": " + answer);
            return true;
        } catch (RpcException e) {
            world.coverage().count("operator.refused-or-unanswered");
            LOG.log(System.Logger.Level.INFO, () -> "operator: " + change + ": " + e.getMessage());
            return false;
        }
    }
}
