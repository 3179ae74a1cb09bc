package dev.weft.storage;

import dev.weft.api.cluster.member.HotOptions;
import dev.weft.rpc.Environment;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.EngineSpace;
import dev.weft.storage.engine.NoSpaceException;
import dev.weft.storage.engine.ReloadableEngine;
import java.io.IOException;
import java.time.Duration;

/**
 * Keeps the disk in order, and notices that it fails while nobody uses it; on a thread of its own. A disk that failed is tried
 * again from time to time, if the engine can be reloaded.
 */
final class DiskUpkeep implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DiskUpkeep.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** A check forces the disk, which costs the writers a little. */
    private static final int ROUNDS_PER_CHECK = 5;

    /** Until then its targets are out of use; a full disk fails the index, and has space again soon after it is noticed. */
    private static final int ROUNDS_PER_RELOAD = 5;

    /** Parts of the disk, in per cent, as the engine has them by itself. */
    private static final int LOW_SPACE = 96;

    private static final int REFUSE_NEW = 98;

    private final ChunkEngine engine;
    private final Targets targets;
    private final Counters counters;
    private final Rounds rounds;

    // Used by the thread only.
    private int roundsDone;
    private boolean low;

    /** For the thread that brings options. */
    private int lowPercent = LOW_SPACE;

    private int refusePercent = REFUSE_NEW;

    private volatile boolean closing;

    DiskUpkeep(ChunkEngine engine, Targets targets, HotOptions options, Environment environment, Counters counters) {
        this.engine = engine;
        this.targets = targets;
        this.counters = counters;
        options.number("low-space", LOW_SPACE, 1, 100, percent -> limitSpace((int) percent, refusePercent))
                .number("refuse-new", REFUSE_NEW, 1, 100, percent -> limitSpace(lowPercent, (int) percent));
        this.rounds = new Rounds(environment, PAUSE, () -> round(++roundsDone));
    }

    void start() {
        rounds.start();
    }

    private void limitSpace(int low, int refuse) {
        engine.limitSpace(low / 100.0, refuse / 100.0);
        lowPercent = low;
        refusePercent = refuse;
    }

    /** What is done each time, on the thread; visible to tests. */
    void round(int number) {
        if (!targets.hasDiskFailed()) {
            upkeep(number);
        } else if (number % ROUNDS_PER_RELOAD == 0 && engine instanceof ReloadableEngine reloadable) {
            reload(reloadable);
        }
    }

    private void upkeep(int round) {
        try {
            engine.upkeep();
            EngineSpace space = engine.space();
            if (space.low() && !low) {
                LOG.log(System.Logger.Level.WARNING, "space on the disk is low: {0}", space);
                counters.count(Event.SPACE_LOW);
            }
            low = space.low();
            if (round % ROUNDS_PER_CHECK == 0) {
                engine.checkDisk();
                counters.count(Event.DISK_CHECKED);
            }
        } catch (NoSpaceException e) {
            // A full disk serves what it has; whoever writes is told.
            LOG.log(System.Logger.Level.DEBUG, "no space for upkeep", e);
        } catch (IOException e) {
            if (!closing) {
                counters.count(Event.DISK_FAILED);
                targets.diskFailed(e);
            }
        }
    }

    private void reload(ReloadableEngine reloadable) {
        try {
            reloadable.reload();
            targets.diskReloaded();
            counters.count(Event.DISK_RELOADED);
            LOG.log(System.Logger.Level.INFO, "the disk works again");
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the disk still fails", e);
        }
    }

    @Override
    public void close() {
        closing = true;
        rounds.close();
    }
}
