package dev.weft.meta;

import dev.weft.rpc.Environment;
import java.time.Duration;

/** Does rounds of work on a thread of its own, from start to close. A round that fails is done again after a pause. */
final class Background implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Background.class.getName());
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    /** What is done each time; it is interrupted by close. */
    @FunctionalInterface
    interface Round {
        /** Returns the pause before the next one. */
        Duration run() throws InterruptedException;
    }

    private final String what;
    private final Environment environment;
    private final Round round;
    private final Thread thread;
    private volatile boolean closed;

    /** @param what it is that is done, for the log */
    Background(String what, Environment environment, Round round) {
        this.what = what;
        this.environment = environment;
        this.round = round;
        this.thread = environment.threads().newThread(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                environment.clock().sleep(one());
            }
        } catch (InterruptedException e) {
            // Only close interrupts this thread.
            Thread.currentThread().interrupt();
        }
    }

    private Duration one() throws InterruptedException {
        try {
            return round.run();
        } catch (RuntimeException e) {
            if (!closed) {
                LOG.log(System.Logger.Level.WARNING, what + " failed; will try again", e);
            }
            return PAUSE_AFTER_FAILURE;
        }
    }

    /** Returns when the last round is over. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
