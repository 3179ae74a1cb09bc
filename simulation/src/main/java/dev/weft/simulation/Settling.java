package dev.weft.simulation;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ClusterAdmin;
import dev.weft.api.cluster.ClusterChange;
import dev.weft.api.cluster.OperationsReply;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.routing.PrimaryFinder;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.rpc.RpcException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** That everything wanted of a cluster comes to its end once nothing goes wrong any more: all targets serve, all moves are done. */
final class Settling {
    private static final Duration RECOVERY_MAX = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final String NO_PLACE = "no spare target on another node";

    private final World world;
    private final RoutingFollower follower;
    private final PrimaryFinder<ClusterAdmin> admin;

    Settling(World world, RoutingFollower follower, PrimaryFinder<ClusterAdmin> admin) {
        this.world = world;
        this.follower = follower;
        this.admin = admin;
    }

    void await() throws InterruptedException {
        awaitPrimary();
        for (long target : List.copyOf(world.operator.offline)) {
            ask(new ClusterChange.PutTargetOnline(target));
        }
        String lacking = lacking();
        long end = world.clock().nanoTime() + RECOVERY_MAX.toNanos();
        while (!lacking.isEmpty()) {
            if (world.clock().nanoTime() - end > 0) {
                throw new AssertionError(RECOVERY_MAX + " after the last fault " + lacking);
            }
            world.clock().sleep(POLL);
            lacking = lacking();
        }
    }

    private void awaitPrimary() throws InterruptedException {
        long end = world.clock().nanoTime() + RECOVERY_MAX.toNanos();
        while (world.managers.stream().noneMatch(ManagerNode::isPrimary)) {
            if (world.clock().nanoTime() - end > 0) {
                throw new AssertionError("no manager becomes the primary");
            }
            world.clock().sleep(POLL);
        }
    }

    /** What is not as it should be; empty if nothing. */
    private String lacking() throws InterruptedException {
        if (!allServe(follower.current())) {
            return "not every target serves: " + follower.current().chains();
        }
        try {
            OperationsReply operations = admin.call(Duration.ZERO, ClusterAdmin::operations);
            boolean stuck = operations.waiting().stream().anyMatch(reason -> reason.startsWith(NO_PLACE));
            boolean drained = operations.drains().stream().allMatch(drain -> drain.left() == 0);
            boolean done = operations.moves().isEmpty() && !operations.rebalancing() && (drained || stuck);
            // Looked at again: the last step of a move may have come between the two looks.
            return done && allServe(follower.awaitNewerThan(0, Duration.ZERO))
                    ? ""
                    : "something is under way: " + operations;
        } catch (RpcException e) {
            return "the managers do not answer: " + e.getMessage();
        }
    }

    private static boolean allServe(Routing routing) {
        return !routing.chains().isEmpty()
                && routing.chains().stream()
                        .flatMap(chain -> chain.targets().stream())
                        .allMatch(target -> target.state() == PublicState.SERVING);
    }

    /** Turns every chain round, and waits until each is as wished. */
    void rotateAll() throws InterruptedException {
        for (Chain chain : follower.current().chains()) {
            ask(new ClusterChange.PreferOrder(chain.chainId(), reversed(chain)));
        }
        List<Chain> before = List.copyOf(follower.current().chains());
        ask(new ClusterChange.RotatePreferred(0));
        long end = world.clock().nanoTime() + RECOVERY_MAX.toNanos();
        while (!before.stream().allMatch(this::isReversed)) {
            if (world.clock().nanoTime() - end > 0) {
                throw new AssertionError(
                        follower.current().chains() + " are not in the order that was asked for of " + before);
            }
            world.clock().sleep(POLL);
        }
        await();
        world.coverage().count("operator.rotated-all");
    }

    /** True also if the chain has other targets by now. */
    private boolean isReversed(Chain before) {
        List<Long> after = order(follower.current().chain(before.chainId()).orElseThrow());
        return reversed(before).equals(after) || !Set.copyOf(order(before)).equals(Set.copyOf(after));
    }

    private static List<Long> order(Chain chain) {
        return chain.targets().stream().map(target -> target.targetId()).toList();
    }

    private static List<Long> reversed(Chain chain) {
        return order(chain).reversed();
    }

    private void ask(ClusterChange change) throws InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try {
                admin.call(Duration.ZERO, primary -> primary.change(change));
                return;
            } catch (RpcException e) {
                if (attempt == 50) {
                    throw new AssertionError(change + " is not taken although nothing is wrong", e);
                }
                world.clock().sleep(POLL);
            }
        }
    }
}
