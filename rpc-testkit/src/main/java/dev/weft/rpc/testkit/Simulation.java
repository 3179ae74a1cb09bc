package dev.weft.rpc.testkit;

import dev.weft.rpc.Clock;
import dev.weft.rpc.Environment;
import java.lang.reflect.Constructor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/**
 * A world of virtual threads, virtual time and chance that follows from one seed.
 *
 * <pre>{@code
 * String trace = Simulation.run(seed, simulation -> {
 *     var network = new InMemoryNetwork(simulation.environment());
 *     ...
 * });
 * }</pre>
 *
 * <p>All threads of {@link #environment} take turns on the one platform thread that runs the simulation; a seeded choice
 * says which of those that can run is next. Time stands still while any can; then it jumps to the next timer. So the same
 * seed gives the same run, and an hour of waiting passes at once.
 *
 * <p>The code under simulation must take time, chance and threads from its {@link Environment}, and must not contend on
 * monitors, whose wake-ups come from elsewhere. Needs {@code --add-opens java.base/java.lang=ALL-UNNAMED} (or the name of
 * this module): the constructor of virtual threads that takes a scheduler is not public.
 */
public final class Simulation {
    /** A body that throws what it likes. */
    @FunctionalInterface
    public interface Body {
        void run(Simulation simulation) throws Exception;
    }

    /** More steps than any sensible run takes: it is going round in circles. */
    private static final long STEPS_MAX = 50_000_000;

    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final long seed;
    private final RandomGenerator schedule;
    private final List<Runnable> runnable = new ArrayList<>();
    private final EventQueue events = new EventQueue();
    private final StringBuilder trace = new StringBuilder();
    private final Environment environment;
    private final Thread kernel = Thread.currentThread();
    private long nowNanos;
    private long steps;
    private long threadsMade;
    private long choices = 17;

    private Simulation(long seed) {
        this.seed = seed;
        this.schedule = random(seed);
        this.environment = new Environment(new SimulatedClock(), random(~seed), threads());
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /**
     * Runs a body in a new world until it ends; threads that it leaves behind are abandoned.
     *
     * @return the trace: what was logged, then the number of steps and a hash of all choices
     * @throws AssertionError if the body throws, or everything waits for ever; the message names the seed
     */
    public static String run(long seed, Body body) {
        return new Simulation(seed).run(body);
    }

    /** Time, chance and threads of this world. */
    public Environment environment() {
        return environment;
    }

    /** Adds a line to the trace, with the time and the thread. */
    public void log(String line) {
        trace.append(Duration.ofNanos(nowNanos))
                .append(' ')
                .append(Thread.currentThread().getName())
                .append(": ")
                .append(line)
                .append('\n');
    }

    private String run(Body body) {
        Outcome outcome = new Outcome();
        Thread main = environment
                .threads()
                .newThread(() -> outcome.take(() -> {
                    body.run(this);
                    return null;
                }));
        main.start();
        while (!outcome.done) {
            step();
        }
        Throwable thrown = outcome.thrown;
        if (thrown != null) {
            throw new AssertionError(
                    "seed " + seed + " failed at " + Duration.ofNanos(nowNanos) + ": " + thrown, thrown);
        }
        return trace + "steps " + steps + ", choices " + Long.toHexString(choices) + "\n";
    }

    /** Lets one thread run until it waits or, if none can, time go on to the next timer. */
    private void step() {
        if (++steps > STEPS_MAX) {
            throw new AssertionError("seed " + seed + " takes more than " + STEPS_MAX + " steps");
        }
        if (!runnable.isEmpty()) {
            int choice = runnable.size() == 1 ? 0 : schedule.nextInt(runnable.size());
            choices = choices * 31 + choice;
            Runnable last = runnable.removeLast();
            Runnable next = choice == runnable.size() ? last : runnable.set(choice, last);
            next.run();
            return;
        }
        EventQueue.Event event = events.peek();
        if (event == null) {
            throw new AssertionError("seed " + seed + ": every thread waits, and no timer is set");
        }
        nowNanos = Math.max(nowNanos, event.atNanos());
        EventQueue.Event due = events.pollDue(nowNanos);
        if (due != null) {
            due.run();
        }
    }

    /** What became of the body. Written and read by the kernel's thread, which carries all others. */
    private static final class Outcome {
        private boolean done;
        private @Nullable Throwable thrown;

        @SuppressWarnings("Interruption") // the end of the body, however it comes, is the end of the run
        void take(Callable<@Nullable Void> body) {
            try {
                body.call();
            } catch (Throwable t) {
                thrown = t;
            } finally {
                done = true;
            }
        }
    }

    private ThreadFactory threads() {
        Executor scheduler = task -> {
            if (Thread.currentThread() != kernel && !Thread.currentThread().isVirtual()) {
                throw new IllegalStateException(
                        "a thread of the simulation was woken from outside: by " + Thread.currentThread());
            }
            runnable.add(task);
        };
        Thread.Builder.OfVirtual builder = virtualThreadsOn(scheduler);
        return task -> builder.name("sim-" + threadsMade++).unstarted(task);
    }

    private static Thread.Builder.OfVirtual virtualThreadsOn(Executor scheduler) {
        try {
            Class<?> type = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder");
            Constructor<?> constructor = type.getDeclaredConstructor(Executor.class);
            constructor.setAccessible(true);
            return (Thread.Builder.OfVirtual) constructor.newInstance(scheduler);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException("run the JVM with --add-opens java.base/java.lang=ALL-UNNAMED", e);
        }
    }

    private final class SimulatedClock implements Clock {
        @Override
        public long nanoTime() {
            return nowNanos;
        }

        @Override
        public Instant instant() {
            return EPOCH.plusNanos(nowNanos);
        }

        @Override
        public void parkUntil(Object blocker, long deadlineNanos) {
            if (deadlineNanos - nowNanos <= 0) {
                return;
            }
            Thread self = Thread.currentThread();
            Timer timer = schedule(deadlineNanos, () -> LockSupport.unpark(self));
            LockSupport.park(blocker);
            timer.cancel();
        }

        @Override
        public Timer schedule(long deadlineNanos, Runnable task) {
            return events.add(deadlineNanos, task);
        }
    }
}
