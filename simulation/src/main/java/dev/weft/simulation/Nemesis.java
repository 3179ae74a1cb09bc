package dev.weft.simulation;

import dev.weft.rpc.testkit.InMemoryNetwork;
import dev.weft.rpc.testkit.LinkConditions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Does damage, and undoes it after a while, several times. For one thread. */
final class Nemesis implements Runnable {
    private static final Duration PAUSE_MAX = Duration.ofMillis(2500);
    private static final Duration LENGTH_MAX = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger(Nemesis.class.getName());

    private final World world;
    private final RandomGenerator random;
    private final int faults;
    private boolean done;

    Nemesis(World world, int faults) {
        this.world = world;
        this.random = world.random();
        this.faults = faults;
    }

    boolean isDone() {
        return done;
    }

    @Override
    public void run() {
        try {
            for (int i = 0; i < faults; i++) {
                pause(PAUSE_MAX);
                Fault[] all = Fault.values();
                cause(all[random.nextInt(all.length)]);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            done = true;
        }
    }

    private void pause(Duration max) throws InterruptedException {
        world.clock().sleep(Duration.ofNanos(random.nextLong(max.toNanos() / 20, max.toNanos())));
    }

    private void cause(Fault fault) throws InterruptedException {
        world.coverage().count("fault." + fault.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        List<StorageNode> all = world.storage;
        StorageNode node = all.get(random.nextInt(all.size()));
        StorageNode other = all.get((all.indexOf(node) + 1 + random.nextInt(all.size() - 1)) % all.size());
        world.simulation().log(fault + " " + node.name + " " + other.name);
        LOG.log(System.Logger.Level.INFO, () -> fault + " at " + node.name + " (and " + other.name + ")");
        switch (fault) {
            case CRASH -> {
                node.kill();
                pause(LENGTH_MAX);
                node.start();
            }
            case POWER_LOSS -> {
                node.losePower();
                pause(LENGTH_MAX);
                node.start();
            }
            case BLACKOUT -> {
                world.storage.forEach(StorageNode::losePower);
                pause(LENGTH_MAX);
                world.storage.forEach(StorageNode::start);
            }
            case CRASH_MANAGER -> restart(manager());
            case CRASH_STORE -> {
                world.store().crash(random.nextBoolean());
                pause(LENGTH_MAX);
                world.store().restart();
            }
            case STORE_PARTITION -> {
                String cutOff = manager().name;
                switch (random.nextInt(3)) {
                    case 0 -> world.store().cutOff(cutOff);
                    case 1 -> world.store().cutOffAtNextChange(cutOff);
                    default -> world.store().delay(cutOff);
                }
                pause(LENGTH_MAX);
                world.store().reconnect(cutOff);
            }
            case STORE_UPSET -> {
                world.store().upsetPerMillion = random.nextInt(50_000, 500_000);
                pause(LENGTH_MAX);
                world.store().upsetPerMillion = 0;
            }
            case MANAGER_APART -> block(List.of(manager().name), names(world.storage), random.nextBoolean());
            case CRASH_CLIENT -> restart(client());
            case PARTITION -> block(List.of(node.name), List.of(other.name), true);
            case ONE_WAY_PARTITION -> block(List.of(node.name), List.of(other.name), false);
            case MANAGER_PARTITION -> block(List.of(node.name), names(world.managers), random.nextBoolean());
            case ISOLATION ->
                block(
                        List.of(node.name),
                        world.nodes().stream()
                                .filter(each -> each != node && !(each instanceof ClientNode))
                                .map(each -> each.name)
                                .toList(),
                        true);
            case SPLIT -> {
                List<String> inside = List.of(node.name, client().name);
                List<String> outside = world.nodes().stream()
                        .map(each -> each.name)
                        .filter(name -> !inside.contains(name))
                        .toList();
                block(inside, outside, true);
            }
            case CLIENT_PARTITION -> block(List.of(node.name), List.of(client().name), random.nextBoolean());
            case SLOW_NODE -> {
                String slow = random.nextInt(4) == 0 ? manager().name : node.name;
                world.network().slow(slow, Duration.ofMillis(random.nextInt(20, 400)));
                pause(LENGTH_MAX);
                world.network().slow(slow, Duration.ZERO);
            }
            case PAUSE -> {
                Node still = random.nextBoolean() ? manager() : node;
                still.pause();
                pause(LENGTH_MAX);
                still.resume();
            }
            case SLOW_DISK -> {
                node.disk.faults.slowness = random.nextInt(20, 300);
                pause(LENGTH_MAX);
                node.disk.faults.slowness = 1;
            }
            case DISK_ERROR -> {
                node.disk.faults.failing = true;
                pause(LENGTH_MAX);
                node.kill();
                node.disk.faults.failing = false;
                node.start();
            }
            case DISK_FULL -> {
                node.disk.faults.full = true;
                pause(LENGTH_MAX);
                node.disk.faults.full = false;
            }
            case DELAY -> conditions(new LinkConditions(Duration.ofMillis(1), Duration.ofMillis(150), 300));
            case REPEATS -> {
                world.repeatedPerMillion = 500_000;
                pause(LENGTH_MAX);
                world.repeatedPerMillion = World.REPEATED_PER_MILLION;
            }
            case LOSS -> conditions(new LinkConditions(Duration.ofNanos(30_000), Duration.ofMillis(3), 20_000));
        }
    }

    private void restart(Node node) throws InterruptedException {
        node.kill();
        pause(LENGTH_MAX);
        node.start();
    }

    /** Mostly the primary. */
    private ManagerNode manager() {
        ManagerNode any = world.managers.get(random.nextInt(world.managers.size()));
        return random.nextInt(4) == 0
                ? any
                : world.managers.stream()
                        .filter(ManagerNode::isPrimary)
                        .findFirst()
                        .orElse(any);
    }

    private static List<String> names(List<? extends Node> nodes) {
        return nodes.stream().map(node -> node.name).toList();
    }

    private ClientNode client() {
        return world.clients.get(random.nextInt(World.CLIENTS));
    }

    private void conditions(LinkConditions conditions) throws InterruptedException {
        world.network().setConditions(conditions);
        pause(LENGTH_MAX);
        world.usualNetwork();
    }

    private void block(List<String> some, List<String> others, boolean bothWays) throws InterruptedException {
        InMemoryNetwork network = world.network();
        boolean backwards = !bothWays && random.nextBoolean();
        for (String one : some) {
            for (String other : others) {
                if (!backwards) {
                    network.block(one, other);
                }
                if (bothWays || backwards) {
                    network.block(other, one);
                }
            }
        }
        pause(LENGTH_MAX);
        for (String one : some) {
            for (String other : others) {
                network.unblock(one, other);
                network.unblock(other, one);
            }
        }
    }
}
