package dev.weft.cli.torture;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.cli.Sizes;
import dev.weft.rpc.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** One fault from its beginning until its victim is well again. For one thread. */
final class Fault {
    private final FaultKind kind;
    private final ServerProcess victim;
    private final TortureOptions options;
    private final Processes processes;
    private final FrozenReplica questions;
    private final Glut glut;
    private final SpaceLimit limit;
    private final Clock clock;
    private final SplittableRandom random;
    private final Consumer<String> say;

    Fault(
            FaultKind kind,
            ServerProcess victim,
            TortureOptions options,
            Processes processes,
            FrozenReplica questions,
            Glut glut,
            SpaceLimit limit,
            Clock clock,
            SplittableRandom random,
            Consumer<String> say) {
        this.kind = kind;
        this.victim = victim;
        this.options = options;
        this.processes = processes;
        this.questions = questions;
        this.glut = glut;
        this.limit = limit;
        this.clock = clock;
        this.random = random;
        this.say = say;
    }

    /** Which storage process to kill while a replica is filled: the one that fills it, or the one that is filled. */
    static Optional<Integer> partOfFilling(Chain chain, boolean filler) {
        return chain.targets().stream()
                .filter(target -> target.state() == (filler ? PublicState.SERVING : PublicState.SYNCING))
                .map(ChainTarget::nodeId)
                .reduce((first, second) -> filler ? second : first);
    }

    /** Inflicts it, waits, and heals it. */
    void run() throws IOException, InterruptedException {
        switch (kind) {
            case KILL_STORAGE, KILL_IN_RECOVERY, KILL_MANAGER, KILL_META, KILL_STORE -> kill();
            case RESTART_STORAGE -> restart();
            case FREEZE_SHORT -> freeze(part(0.1, 0.4));
            case FREEZE_LONG -> freezeLong(part(1.3, 3));
            case FREEZE_MANAGER -> freeze(part(0.5, 2));
            case FULL_DISK -> fill(part(1, 3));
        }
    }

    /** A random part of the failure time. */
    private Duration part(double from, double to) {
        return Duration.ofNanos((long) (options.failureTime().toNanos() * random.nextDouble(from, to)));
    }

    private void tell(String what, Duration duration) {
        say.accept(String.format(
                Locale.ROOT, "%-17s %s %s for %.1f s", kind.text(), victim.name(), what, duration.toNanos() / 1e9));
    }

    private void kill() throws IOException, InterruptedException {
        Duration down = part(0, 1.5);
        tell("is killed, and down", down);
        victim.kill();
        clock.sleep(down);
        victim.start();
    }

    private void restart() throws IOException, InterruptedException {
        Duration down = part(0, 0.5);
        tell("is stopped in order, and down", down);
        if (!victim.stop()) {
            say.accept(victim.name() + " did not stop when it was asked to, and was killed");
        }
        clock.sleep(down);
        victim.start();
    }

    private void freeze(Duration duration) throws IOException, InterruptedException {
        tell("is frozen", duration);
        victim.freeze();
        try {
            clock.sleep(duration);
        } finally {
            victim.thaw();
        }
    }

    private void freezeLong(Duration duration) throws IOException, InterruptedException {
        tell("is frozen", duration);
        Routing before = questions.routing();
        victim.freeze();
        FrozenReplica.Asked asked;
        try {
            clock.sleep(duration);
            // They wait in its socket, and are the first thing that it finds.
            asked = questions.ask(victim.nodeId(), before);
        } finally {
            victim.thaw();
        }
        say.accept(asked.outcome(victim.name()));
    }

    private void fill(Duration duration) throws IOException, InterruptedException {
        if (!processes.haveSmallDisks()) {
            limitSpace(duration);
            return;
        }
        SmallDisk disk = processes.disk(victim);
        long bytes = disk.fill();
        tell("has a full disk (the last " + Sizes.text(bytes) + " are taken)", duration);
        String outcome;
        try {
            outcome = writeNew(duration);
        } finally {
            disk.empty();
        }
        say.accept("space again on " + victim.name() + "; of its chains came " + outcome);
        glut.remove();
    }

    private void limitSpace(Duration duration) throws IOException, InterruptedException {
        tell("and all others refuse new chunks", duration);
        String outcome;
        limit.set();
        try {
            outcome = writeNew(duration);
        } finally {
            limit.lift();
        }
        say.accept("new chunks are taken again; meanwhile came " + outcome);
        glut.remove();
    }

    private String writeNew(Duration duration) throws InterruptedException {
        long end = clock.nanoTime() + duration.toNanos();
        String outcome = glut.write(victim.nodeId(), end);
        clock.sleep(Duration.ofNanos(Math.max(0, end - clock.nanoTime())));
        return outcome;
    }
}
