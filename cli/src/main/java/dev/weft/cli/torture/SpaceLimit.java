package dev.weft.cli.torture;

import dev.weft.api.cluster.ConfigChange;
import dev.weft.api.cluster.NodeRole;
import dev.weft.rpc.Clock;
import dev.weft.rpc.RpcException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Where no disk can be filled: has all storage processes take theirs for too full, so that they refuse new chunks. Nothing fails
 * to be written by it.
 */
final class SpaceLimit {
    /** In percent of the disk, which is more used than that. */
    private static final Map<String, String> NOTHING = Map.of("low-space", "1", "refuse-new", "1");

    /** There may be no primary now. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(200);

    private final ClusterView view;

    SpaceLimit(ClusterView view) {
        this.view = view;
    }

    void set() throws IOException, InterruptedException {
        change(new ConfigChange(NodeRole.STORAGE, NOTHING, List.of()));
    }

    void lift() throws IOException, InterruptedException {
        change(new ConfigChange(
                NodeRole.STORAGE, Map.of(), NOTHING.keySet().stream().sorted().toList()));
    }

    private void change(ConfigChange change) throws IOException, InterruptedException {
        Clock clock = view.environment().clock();
        long deadline = clock.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                view.configure(change);
                return;
            } catch (RpcException e) {
                if (deadline - clock.nanoTime() <= 0) {
                    throw new IOException("cannot change the limits of space: " + e.getMessage(), e);
                }
            }
            clock.sleep(POLL);
        }
    }
}
