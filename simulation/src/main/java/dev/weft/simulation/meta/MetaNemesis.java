package dev.weft.simulation.meta;

import dev.weft.rpc.testkit.LinkConditions;
import dev.weft.simulation.Node;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Does damage, and undoes it after a while, several times. For one thread. */
final class MetaNemesis implements Runnable {
    private static final Duration PAUSE_MAX = Duration.ofMillis(1500);
    private static final Duration LENGTH_MAX = Duration.ofSeconds(4);
    private static final System.Logger LOG = System.getLogger(MetaNemesis.class.getName());

    private enum Fault {
        /** A server dies and comes back. */
        CRASH,
        /** All servers die at once. */
        BLACKOUT,
        /** A client dies, and another one takes its place. */
        CRASH_CLIENT,
        /** The process that serves the store dies, and with it the snapshots that it holds. */
        CRASH_STORE,
        /** A server does not reach the store, or does not hear what became of a change, or its commits take long. */
        STORE_PARTITION,
        /** Commits conflict, come too late, or nobody knows what became of them. */
        STORE_UPSET,
        /** A client does not reach a server, or a server its clients. */
        PARTITION,
        /** Nobody reaches a server, which reaches the store. */
        ISOLATION,
        /** Messages from and to a server take long. */
        SLOW_NODE,
        /** A process stands still for a while, and then goes on as if nothing had happened. */
        PAUSE,
        /** Messages take long everywhere. */
        DELAY,
        /** Connections break everywhere. */
        LOSS,
        /** Many requests come a second time, late. */
        REPEATS
    }

    private final MetaWorld world;
    private final RandomGenerator random;
    private final int faults;
    private boolean done;

    MetaNemesis(MetaWorld world, int faults) {
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
                cause(pick(List.of(Fault.values())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            done = true;
        }
    }

    private void cause(Fault fault) throws InterruptedException {
        world.coverage()
                .count("meta.fault." + fault.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        MetaServerNode server = pick(world.servers);
        TreeClientNode client = pick(world.clients);
        world.simulation().log(fault + " " + server.name + " " + client.name);
        LOG.log(System.Logger.Level.INFO, () -> fault + " at " + server.name + " (and " + client.name + ")");
        switch (fault) {
            case CRASH -> restart(List.of(server));
            case BLACKOUT -> restart(world.servers);
            case CRASH_CLIENT -> restart(List.of(client));
            case CRASH_STORE -> {
                world.store().crash(random.nextBoolean());
                pause(LENGTH_MAX);
                world.store().restart();
            }
            case STORE_PARTITION -> {
                switch (random.nextInt(3)) {
                    case 0 -> world.store().cutOff(server.name);
                    case 1 -> world.store().cutOffAtNextChange(server.name);
                    default -> world.store().delay(server.name);
                }
                pause(LENGTH_MAX);
                world.store().reconnect(server.name);
            }
            case STORE_UPSET -> {
                world.store().upsetPerMillion = random.nextInt(50_000, 500_000);
                pause(LENGTH_MAX);
                world.store().upsetPerMillion = 0;
            }
            case PARTITION -> block(List.of(client), server);
            case ISOLATION -> block(world.clients, server);
            case SLOW_NODE -> {
                world.network().slow(server.name, Duration.ofMillis(random.nextInt(20, 1500)));
                pause(LENGTH_MAX);
                world.network().slow(server.name, Duration.ZERO);
            }
            case PAUSE -> {
                server.pause();
                pause(LENGTH_MAX);
                server.resume();
            }
            case DELAY -> conditions(new LinkConditions(Duration.ofMillis(1), Duration.ofMillis(400), 300));
            case LOSS -> conditions(new LinkConditions(Duration.ZERO, Duration.ofMillis(2), 60_000));
            case REPEATS -> {
                world.repeatedPerMillion = 500_000;
                pause(LENGTH_MAX);
                world.repeatedPerMillion = 0;
            }
        }
    }

    private void restart(List<? extends Node> nodes) throws InterruptedException {
        nodes.forEach(Node::kill);
        pause(LENGTH_MAX);
        nodes.forEach(Node::start);
    }

    private void conditions(LinkConditions conditions) throws InterruptedException {
        world.network().setConditions(conditions);
        pause(LENGTH_MAX);
        world.usualNetwork();
    }

    /** In one direction or in both. */
    private void block(List<? extends Node> clients, Node server) throws InterruptedException {
        int directions = random.nextInt(3);
        for (Node client : clients) {
            if (directions != 0) {
                world.network().block(client.name, server.name);
            }
            if (directions != 1) {
                world.network().block(server.name, client.name);
            }
        }
        pause(LENGTH_MAX);
        for (Node client : clients) {
            world.network().unblock(client.name, server.name);
            world.network().unblock(server.name, client.name);
        }
    }

    private void pause(Duration max) throws InterruptedException {
        world.clock().sleep(Duration.ofNanos(random.nextLong(max.toNanos() / 20, max.toNanos())));
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
