package dev.weft.cli.torture;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.StatusReply;
import dev.weft.rpc.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Looks at the cluster several times a second: whether chains are whole, how long replicas are being filled, and what servers
 * count, also those that are killed later. On a thread of its own.
 */
final class Pulse implements Runnable {
    private static final Duration INTERVAL = Duration.ofMillis(250);
    private static final int ROUNDS_PER_COUNTING = 2;

    private final ClusterView view;
    private final Clock clock;

    /** By server: what it said last. Used by the thread only. */
    private final Map<Integer, Map<String, Long>> last = new HashMap<>();

    /** Written by the thread only. */
    private volatile SortedMap<String, Long> counters = new TreeMap<>();

    private final AtomicLong fillingNanos = new AtomicLong();

    /** As at the last look that was answered. Written by the thread only. */
    private volatile List<Chain> chains = List.of();

    /** When that was. Written by the thread only. */
    private volatile long lookedNanos;

    Pulse(ClusterView view) {
        this.view = view;
        this.clock = view.environment().clock();
        this.lookedNanos = clock.nanoTime();
    }

    @Override
    public void run() {
        try {
            for (long round = 1; !Thread.currentThread().isInterrupted(); round++) {
                view.status().ifPresent(this::look);
                if (round % ROUNDS_PER_COUNTING == 0) {
                    count();
                }
                clock.sleep(INTERVAL);
            }
        } catch (InterruptedException e) {
            // Only the end of the run interrupts this thread.
            Thread.currentThread().interrupt();
        }
    }

    private void look(StatusReply status) {
        long now = clock.nanoTime();
        List<Chain> seen = status.routing().chains();
        if (isFilling(chains) && isFilling(seen)) {
            fillingNanos.addAndGet(now - lookedNanos);
        }
        chains = seen;
        lookedNanos = now;
    }

    private static boolean isFilling(List<Chain> chains) {
        return chains.stream()
                .flatMap(chain -> chain.targets().stream())
                .anyMatch(target -> target.state() == PublicState.SYNCING);
    }

    private void count() {
        SortedMap<String, Long> sum = new TreeMap<>(counters);
        for (NodeInfo node : view.routing().info().nodes()) {
            if (node.role() != NodeRole.STORAGE) {
                continue;
            }
            Map<String, Long> now = view.counters(node);
            Map<String, Long> before = last.getOrDefault(node.nodeId(), Map.of());
            now.forEach((name, value) -> {
                long old = before.getOrDefault(name, 0L);
                // One that was started again counts from zero.
                sum.merge(name, value < old ? value : value - old, Long::sum);
            });
            if (!now.isEmpty()) {
                last.put(node.nodeId(), now);
            }
        }
        counters = sum;
    }

    /** What storage servers counted, all together. What one counted just before it was killed is missing. */
    SortedMap<String, Long> counters() {
        return counters;
    }

    /** How long some replica was being filled. */
    Duration filling() {
        return Duration.ofNanos(fillingNanos.get());
    }

    List<Chain> chains() {
        return chains;
    }

    /** The first replica that is being filled now, with its chain. */
    Optional<Chain> filled() {
        return chains.stream().filter(chain -> isFilling(List.of(chain))).findAny();
    }

    /** When the chains were looked at last. */
    long lookedNanos() {
        return lookedNanos;
    }
}
