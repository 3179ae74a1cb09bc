package dev.weft.simulation;

import dev.weft.rpc.testkit.Simulation;
import java.time.Duration;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/** Runs one seed and prints what its services log, at simulated times. */
final class Replay extends Handler {
    /** Kept, as the logging library itself does not. */
    private static final Logger ROOT = Logger.getLogger("");

    private final SimpleFormatter formatter = new SimpleFormatter();
    private @Nullable Simulation simulation;

    /** False if the seed fails. */
    static boolean run(Scene scene, long seed) {
        Replay replay = new Replay();
        for (Handler handler : ROOT.getHandlers()) {
            ROOT.removeHandler(handler);
        }
        ROOT.addHandler(replay);
        ROOT.setLevel(Level.INFO);
        try {
            Report report = scene.run(seed, begun -> replay.simulation = begun);
            System.out.println(report.trace());
            return true;
        } catch (AssertionError e) {
            e.printStackTrace(System.out);
            return false;
        } finally {
            ROOT.removeHandler(replay);
        }
    }

    @Override
    public void publish(LogRecord log) {
        if (isLoggable(log) && simulation != null) {
            Duration now = Duration.ofNanos(simulation.environment().clock().nanoTime());
            System.out.println(now + " " + Thread.currentThread().getName() + ": " + formatter.formatMessage(log)
                    + (log.getThrown() == null ? "" : " (" + log.getThrown() + ")"));
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
