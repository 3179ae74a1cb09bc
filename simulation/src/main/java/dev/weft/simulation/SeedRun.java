package dev.weft.simulation;

import dev.weft.rpc.testkit.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One seed: a cluster comes up, works under faults, and is looked at when they are over. */
final class SeedRun {
    private static final int NEMESES = 2;
    private static final int FAULTS_EACH = 6;
    private static final int OPERATIONS_MIN = 110;

    private SeedRun() {}

    /** @throws AssertionError if anything is not as it has to be */
    static Report run(long seed, Parts parts) {
        return run(seed, parts, _ -> {});
    }

    /** @param begun hears of the world before anything happens in it */
    static Report run(long seed, Parts parts, Consumer<Simulation> begun) {
        List<World> worlds = new ArrayList<>(1);
        try {
            String trace = Simulation.run(seed, simulation -> {
                begun.accept(simulation);
                World world = new World(simulation, parts);
                worlds.add(world);
                run(world);
            });
            World world = worlds.getFirst();
            FinalChecks.checkHistory(world);
            return new Report(trace, world.coverage());
        } finally {
            worlds.forEach(World::release);
        }
    }

    private static void run(World world) throws InterruptedException {
        world.nodes().forEach(Node::start);
        List<Nemesis> nemeses = new ArrayList<>();
        for (int i = 0; i < NEMESES; i++) {
            Nemesis nemesis = new Nemesis(world, FAULTS_EACH);
            nemeses.add(nemesis);
            world.simulation().environment().threads().newThread(nemesis).start();
        }
        while (!nemeses.stream().allMatch(Nemesis::isDone) || world.history().operations() < OPERATIONS_MIN) {
            world.clock().sleep(Duration.ofMillis(100));
            world.throwFailure();
        }
        world.working = false;
        world.heal();
        new FinalChecks(world).await();
        world.storage.forEach(StorageNode::collect);
        world.coverage()
                .add(
                        "operation.known",
                        world.history().operations() - world.history().unknown());
        world.coverage().add("operation.unknown", world.history().unknown());
    }
}
