package dev.weft.storage;

import dev.weft.rpc.Environment;
import java.time.Duration;

/** Does something again and again, after a pause each time, on a thread of its own, from start to close. */
final class Rounds implements AutoCloseable {
    private final Environment environment;
    private final Duration pause;
    private final Round round;
    private final Thread thread;

    /** What is done each time; it is interrupted by close. */
    @FunctionalInterface
    interface Round {
        void run() throws InterruptedException;
    }

    Rounds(Environment environment, Duration pause, Round round) {
        this.environment = environment;
        this.pause = pause;
        this.round = round;
        this.thread = environment.threads().newThread(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                environment.clock().sleep(pause);
                round.run();
            }
        } catch (InterruptedException e) {
            // Only close interrupts this thread.
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when the last round is over. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
