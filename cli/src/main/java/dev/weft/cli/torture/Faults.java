package dev.weft.cli.torture;

import dev.weft.api.cluster.Chain;
import dev.weft.rpc.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Inflicts faults of all kinds in random order, each kind once before any comes again, on random processes: up to two storage
 * processes and one other at a time.
 */
final class Faults {
    private static final int STORAGE_AT_ONCE = 2;

    /** How often to look whether a replica is being filled. */
    private static final Duration POLL = Duration.ofMillis(50);

    private final TortureOptions options;
    private final Processes processes;
    private final ClusterView view;
    private final Pulse pulse;
    private final Ledger ledger;
    private final Blocks blocks;
    private final Clock clock;
    private final Consumer<String> say;
    private final SplittableRandom random;
    private final Map<FaultKind, AtomicInteger> counts = new EnumMap<>(FaultKind.class);
    private final List<Thread> running = new ArrayList<>();

    /** Processes that have a fault now. */
    private final Set<ServerProcess> ill = ConcurrentHashMap.newKeySet();

    /** Kinds that are still to come in this round. Used by the thread that runs this only. */
    private final List<FaultKind> deck = new ArrayList<>();

    Faults(
            TortureOptions options,
            Processes processes,
            ClusterView view,
            Pulse pulse,
            Ledger ledger,
            Blocks blocks,
            Consumer<String> say) {
        this.options = options;
        this.processes = processes;
        this.view = view;
        this.pulse = pulse;
        this.ledger = ledger;
        this.blocks = blocks;
        this.clock = view.environment().clock();
        this.say = say;
        this.random = new SplittableRandom(options.seed());
        options.kinds().forEach(kind -> counts.put(kind, new AtomicInteger()));
    }

    /** Inflicts faults until the time is over, and returns when all are healed. */
    void run(long endNanos) throws InterruptedException {
        while (endNanos - clock.nanoTime() > 0) {
            long gap = (long) (options.faultEvery().toNanos() * random.nextDouble(0.5, 1.5));
            long next = Math.min(endNanos, clock.nanoTime() + gap);
            next(next);
            clock.sleep(Duration.ofNanos(Math.max(0, next - clock.nanoTime())));
        }
        for (Thread thread : running) {
            thread.join();
        }
    }

    /** Inflicts one, if some process is free for it. */
    private void next(long untilNanos) throws InterruptedException {
        if (deck.isEmpty()) {
            deck.addAll(counts.keySet());
        }
        FaultKind kind = deck.get(random.nextInt(deck.size()));
        Optional<ServerProcess> victim =
                kind == FaultKind.KILL_IN_RECOVERY ? awaitFilling(untilNanos) : choose(candidates(kind));
        if (victim.isPresent()) {
            deck.remove(kind);
            inflict(kind, victim.get());
        } else if (kind == FaultKind.KILL_IN_RECOVERY) {
            // Gives the next attempt something to wait for.
            choose(processes.storage).ifPresent(one -> inflict(FaultKind.KILL_STORAGE, one));
        }
    }

    private Optional<ServerProcess> choose(List<ServerProcess> from) {
        List<ServerProcess> free = new ArrayList<>(from);
        free.removeAll(ill);
        Set<ServerProcess> group = new HashSet<>(ill);
        boolean storage = processes.storage.containsAll(from);
        group.removeIf(one -> processes.storage.contains(one) != storage);
        if (free.isEmpty() || group.size() >= (storage ? STORAGE_AT_ONCE : 1)) {
            return Optional.empty();
        }
        return Optional.of(free.get(random.nextInt(free.size())));
    }

    private List<ServerProcess> candidates(FaultKind kind) {
        return switch (kind) {
            case KILL_STORAGE, FREEZE_SHORT, FREEZE_LONG, RESTART_STORAGE, FULL_DISK, KILL_IN_RECOVERY ->
                processes.storage;
            case KILL_MANAGER, FREEZE_MANAGER -> processes.managers;
            case KILL_META -> List.of(processes.meta);
            case KILL_STORE -> processes.store.stream().toList();
        };
    }

    /** Waits for a replica to be filled, and names a process that has to do with it. */
    private Optional<ServerProcess> awaitFilling(long untilNanos) throws InterruptedException {
        boolean filler = random.nextBoolean();
        while (untilNanos - clock.nanoTime() > 0) {
            Optional<Chain> chain = pulse.filled();
            Optional<Integer> node = chain.flatMap(each -> Fault.partOfFilling(each, filler));
            if (node.isPresent()) {
                int id = node.get();
                IntPredicate isIt = other -> other == id;
                return choose(processes.storage.stream()
                        .filter(server -> isIt.test(server.nodeId()))
                        .toList());
            }
            clock.sleep(POLL);
        }
        return Optional.empty();
    }

    private void inflict(FaultKind kind, ServerProcess victim) {
        ill.add(victim);
        Fault fault = new Fault(
                kind,
                victim,
                options,
                processes,
                new FrozenReplica(view, ledger),
                new Glut(view, ledger, blocks),
                new SpaceLimit(view),
                clock,
                random.split(),
                say);
        Thread thread = view.environment().threads().newThread(() -> {
            try {
                fault.run();
                AtomicInteger count = counts.get(kind);
                if (count != null) {
                    count.incrementAndGet();
                }
            } catch (IOException e) {
                ledger.wrong("fault " + kind.text() + " of " + victim.name() + " failed: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                ill.remove(victim);
            }
        });
        thread.start();
        running.add(thread);
    }

    /** How many there were so far, by kind. */
    Map<FaultKind, Integer> counts() {
        Map<FaultKind, Integer> all = new EnumMap<>(FaultKind.class);
        counts.forEach((kind, count) -> all.put(kind, count.get()));
        return all;
    }

    int total() {
        return counts.values().stream().mapToInt(AtomicInteger::get).sum();
    }
}
