package dev.weft.simulation.meta;

import dev.weft.api.meta.OpenReply;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.api.meta.RenameRequest;
import dev.weft.rpc.Environment;
import dev.weft.simulation.meta.TreeOperation.Chmod;
import dev.weft.simulation.meta.TreeOperation.Create;
import dev.weft.simulation.meta.TreeOperation.Link;
import dev.weft.simulation.meta.TreeOperation.Mkdir;
import dev.weft.simulation.meta.TreeOperation.Open;
import dev.weft.simulation.meta.TreeOperation.Remove;
import dev.weft.simulation.meta.TreeOperation.Rename;
import dev.weft.simulation.meta.TreeOperation.Stat;
import dev.weft.simulation.meta.TreeOperation.Symlink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A client: an operation at random on a small tree, a pause, the next one. */
final class TreeWorkload {
    /** Few, so that clients are in each other's way. */
    private static final List<String> NAMES = List.of("a", "b", "c");

    private static final int DEPTH_MAX = 3;
    private static final int LENGTH_MAX = 50_000;
    private static final List<Integer> PERMISSIONS = List.of(0700, 0750, 0644, 0777);
    private static final Duration PAUSE_MAX = Duration.ofMillis(1500);
    private static final Duration OPEN_MAX = Duration.ofMillis(100);

    /** So many operations, on average, from one pause to the next. */
    private static final int ROW = 5;

    /** What failed may happen later, and many such operations at a time have very many possible orders. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(4);

    private final MetaWorld world;
    private final Environment environment;
    private final TreeCalls calls;
    private final RandomGenerator random;

    TreeWorkload(MetaWorld world, Environment environment, TreeCalls calls) {
        this.world = world;
        this.environment = environment;
        this.calls = calls;
        this.random = environment.random();
    }

    void run() throws InterruptedException {
        while (world.working) {
            if (!step()) {
                environment.clock().sleep(PAUSE_AFTER_FAILURE);
            }
            // Several in a row, so that operations meet.
            if (random.nextInt(ROW) == 0) {
                environment.clock().sleep(Duration.ofNanos(random.nextLong(PAUSE_MAX.toNanos())));
            }
        }
    }

    private boolean step() throws InterruptedException {
        String path = path();
        int dice = random.nextInt(100);
        if (dice < 18) {
            return calls.perform(new Mkdir(path));
        } else if (dice < 32) {
            return write(new Create(path, random.nextBoolean()));
        } else if (dice < 36) {
            return write(new Open(path));
        } else if (dice < 40) {
            return calls.perform(new Symlink(path, random.nextBoolean() ? path() : path().substring(1)));
        } else if (dice < 47) {
            return calls.perform(new Link(path, path()));
        } else if (dice < 65) {
            return calls.perform(new Rename(path, path(), pick(List.of(RenameRequest.Mode.values()))));
        } else if (dice < 75) {
            return calls.perform(
                    new Remove(path, random.nextBoolean() ? RemoveRequest.Kind.UNLINK : RemoveRequest.Kind.RMDIR));
        } else if (dice < 80) {
            return calls.perform(new Chmod(path, pick(PERMISSIONS)));
        } else if (dice < 88) {
            return calls.perform(new Stat(path, random.nextBoolean()));
        } else {
            return calls.perform(new TreeOperation.List(random.nextInt(3) == 0 ? "/" : path));
        }
    }

    private boolean write(TreeOperation open) throws InterruptedException {
        int before = world.history().entries().size();
        Optional<OpenReply> opened = calls.open(open);
        if (opened.isEmpty()) {
            return world.history().entries().get(before).isKnown();
        }
        environment.clock().sleep(Duration.ofNanos(random.nextLong(OPEN_MAX.toNanos())));
        calls.close(opened.get(), random.nextInt(3) == 0 ? 0 : random.nextInt(LENGTH_MAX), random.nextInt(4) > 0);
        return true;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** Often one where a client has lately made something. */
    private String path() {
        List<String> made = world.made();
        if (!made.isEmpty() && random.nextInt(3) == 0) {
            return pick(made);
        }
        StringBuilder path = new StringBuilder();
        // Rather short, as those above have to be there.
        int dice = random.nextInt(10);
        for (int depth = dice < 4 ? 1 : dice < 8 ? 2 : DEPTH_MAX; depth > 0; depth--) {
            path.append('/').append(pick(NAMES));
        }
        return path.toString();
    }
}
