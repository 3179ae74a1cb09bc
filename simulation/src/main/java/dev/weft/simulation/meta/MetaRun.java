package dev.weft.simulation.meta;

import dev.weft.rpc.Environment;
import dev.weft.rpc.testkit.Simulation;
import dev.weft.simulation.Linearizability;
import dev.weft.simulation.Node;
import dev.weft.simulation.Report;
import dev.weft.simulation.meta.TreeOperation.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One seed: metadata servers come up, clients work under faults, and what they were told is held against a tree. */
public final class MetaRun {
    private static final int NEMESES = 2;
    private static final int FAULTS_EACH = 4;
    private static final int OPERATIONS_MIN = 60;

    /** Longer than clients and servers try. */
    private static final Duration QUIET = Duration.ofSeconds(15);

    /** Longer than anything that is wrong for a while. */
    private static final Duration LOOK_PATIENCE = Duration.ofSeconds(60);

    private MetaRun() {}

    /**
     * Runs one seed.
     *
     * @param begun hears of the world before anything happens in it
     * @throws AssertionError if anything is not as it has to be
     */
    public static Report run(long seed, MetaParts parts, Consumer<Simulation> begun) {
        List<MetaWorld> worlds = new ArrayList<>(1);
        String trace = Simulation.run(seed, simulation -> {
            begun.accept(simulation);
            MetaWorld world = new MetaWorld(simulation, parts);
            worlds.add(world);
            run(world);
        });
        MetaWorld world = worlds.getFirst();
        check(world);
        return new Report(trace, world.coverage());
    }

    private static void run(MetaWorld world) throws InterruptedException {
        world.nodes().forEach(Node::start);
        List<MetaNemesis> nemeses = new ArrayList<>();
        for (int i = 0; i < NEMESES; i++) {
            MetaNemesis nemesis = new MetaNemesis(world, FAULTS_EACH);
            nemeses.add(nemesis);
            world.simulation().environment().threads().newThread(nemesis).start();
        }
        while (!nemeses.stream().allMatch(MetaNemesis::isDone)
                || world.history().entries().size() < OPERATIONS_MIN) {
            world.clock().sleep(Duration.ofMillis(100));
            world.throwFailure();
        }
        world.working = false;
        world.heal();
        // What it had to collect, and whose sessions it had to end, falls to the others.
        world.servers.getLast().kill();
        world.clock().sleep(QUIET);
        look(world);
        MetaLeftovers.check(world);
        world.throwFailure();
        for (TreeHistory.Entry entry : world.history().entries()) {
            String what = entry.answer instanceof Answer.Refused ? "refused" : entry.isKnown() ? "done" : "unknown";
            world.coverage()
                    .count("meta." + entry.operation.getClass().getSimpleName().toLowerCase(Locale.ROOT) + "." + what);
        }
    }

    /** The whole tree, at last. */
    private static void look(MetaWorld world) throws InterruptedException {
        Environment environment = world.simulation().environment();
        TreeCalls calls = world.clients.getFirst().calls(environment, LOOK_PATIENCE);
        List<String> directories = new ArrayList<>(List.of("/"));
        while (!directories.isEmpty()) {
            String path = directories.removeFirst();
            for (String directory : calls.directoriesIn(path)) {
                directories.add(path + directory + "/");
            }
        }
    }

    private static void check(MetaWorld world) {
        List<TreeHistory.Entry> entries = world.history().entries();
        Linearizability.Result<TreeHistory.Entry, TreeModel> result = Linearizability.check(TreeModel.EMPTY, entries);
        switch (result.verdict()) {
            case LINEARIZABLE -> {}
            case UNDECIDED -> world.coverage().count("meta.checker.undecided");
            case NOT_LINEARIZABLE ->
                throw new AssertionError("the tree's history is not linearizable: " + result.obstacle() + "\n"
                        + entries.stream().map(Object::toString).collect(Collectors.joining("\n")));
        }
    }
}
