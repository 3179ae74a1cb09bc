package dev.weft.rpc.testkit;

import dev.weft.rpc.Clock;
import dev.weft.rpc.Environment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
    private boolean paused;

    /** While paused: threads that have something to do, and timers that are over. */
    private final List<Runnable> heldTurns = new ArrayList<>();

    private final List<Runnable> heldTimers = new ArrayList<>();

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

    /** Lets no thread of the process go on until {@link #resume}; its clock goes on. For other processes to call. */
    public void pause() {
        paused = true;
        heldTurns.addAll(simulation.withdraw(this));
    }

    /** Ends {@link #pause}: threads and timers go on as if no time had passed for them. */
    public void resume() {
        if (!paused) {
            return;
        }
        paused = false;
        List<Runnable> turns = List.copyOf(heldTurns);
        List<Runnable> timers = List.copyOf(heldTimers);
        heldTurns.clear();
        heldTimers.clear();
        if (alive) {
            simulation.giveBack(this, turns);
            timers.forEach(Runnable::run);
        }
    }

    /** Whether a thread that could go on now has to wait for {@link #resume}. */
    boolean holds(Runnable turn) {
        return paused && heldTurns.add(turn);
    }

    private void fire(Runnable timer) {
        if (alive && paused) {
            heldTimers.add(timer);
        } else if (alive) {
            timer.run();
        }
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
            return simulation.schedule(world(deadlineNanos), () -> fire(task));
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
