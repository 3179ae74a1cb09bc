package dev.weft.rpc.testkit;

import dev.weft.rpc.Clock;
import dev.weft.rpc.Environment;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * One process of a {@link Simulation}: what it starts with its {@link #environment} ends with it, wherever that is.
 *
 * <p>{@link #kill} stops all its threads dead: none runs another instruction, so no {@code finally} does either. What a
 * process shares with others, such as its connections and its disk, is the caller's to cut off. For threads of the
 * simulation only.
 */
public final class SimulatedProcess {
    private static final long MILLION = 1_000_000;

    private final Simulation simulation;
    private final Environment environment;
    private final int driftPerMillion;
    private boolean alive = true;

    SimulatedProcess(Simulation simulation, RandomGenerator random, int driftPerMillion) {
        if (Math.abs(driftPerMillion) >= MILLION / 2) {
            throw new IllegalArgumentException("drift of " + driftPerMillion + " per million is no clock's");
        }
        this.simulation = simulation;
        this.driftPerMillion = driftPerMillion;
        this.environment = new Environment(new ProcessClock(), random, simulation.threads(this));
    }

    /** Time, chance and threads of this process. */
    public Environment environment() {
        return environment;
    }

    public boolean isAlive() {
        return alive;
    }

    /** Ends the process now. Does not return if a thread of the process calls. */
    public void kill() {
        alive = false;
        simulation.stop(this);
    }

    private final class ProcessClock implements Clock {
        @Override
        public long nanoTime() {
            return local(simulation.nowNanos());
        }

        @Override
        public Instant instant() {
            return simulation.instant();
        }

        @Override
        public void parkUntil(Object blocker, long deadlineNanos) {
            if (deadlineNanos - nanoTime() <= 0) {
                return;
            }
            Thread self = Thread.currentThread();
            Timer timer = schedule(deadlineNanos, () -> LockSupport.unpark(self));
            LockSupport.park(blocker);
            timer.cancel();
        }

        @Override
        public Timer schedule(long deadlineNanos, Runnable task) {
            return simulation.schedule(world(deadlineNanos), () -> {
                if (alive) {
                    task.run();
                }
            });
        }

        private long local(long nanos) {
            return nanos + scaled(nanos);
        }

        private long scaled(long nanos) {
            return nanos / MILLION * driftPerMillion + nanos % MILLION * driftPerMillion / MILLION;
        }

        /** When, in the world's time, this clock will show {@code nanos}. */
        private long world(long nanos) {
            if (driftPerMillion == 0) {
                return nanos;
            }
            long at = (long) (nanos / (1 + driftPerMillion / (double) MILLION));
            while (local(at) < nanos) {
                at++;
            }
            return at;
        }
    }
}
