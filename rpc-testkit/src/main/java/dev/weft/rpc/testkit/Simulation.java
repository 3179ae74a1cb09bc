package dev.weft.rpc.testkit;

import static java.util.Objects.requireNonNull;

import dev.weft.rpc.Clock;
import dev.weft.rpc.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
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
 * <p>The code under simulation must take time, chance and threads from its {@link Environment}, and must not wait
 * while it holds a monitor. Needs {@code --add-opens java.base/java.lang=ALL-UNNAMED} (or the name of
 * this module): that virtual threads take a scheduler is not public.
 */
public final class Simulation {
    /** A body that throws what it likes. */
    @FunctionalInterface
    public interface Body {
        void run(Simulation simulation) throws Exception;
    }

    /** More steps than any sensible run takes: it is going round in circles. */
    private static final long STEPS_MAX = 50_000_000;

    /** Real time: a thread outside that holds a monitor longer than this is no log. */
    private static final long MONITOR_SECONDS_MAX = 10;

    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final long seed;
    private final RandomGenerator schedule;
    private final List<Turn> runnable = new ArrayList<>();
    private final EventQueue events = new EventQueue();
    private final StringBuilder trace = new StringBuilder();
    private final SimulatedProcess world;
    private final Thread kernel = Thread.currentThread();

    /** Those that have had to wait for a monitor and have it now; from the thread of the machine that says so. */
    private final BlockingQueue<Runnable> unblocked = new LinkedBlockingQueue<>();

    /** The threads by what gives them their turns. */
    private final IdentityHashMap<Runnable, Thread> threadOf = new IdentityHashMap<>();

    private @Nullable Turn running;
    private long nowNanos;
    private long steps;
    private long threadsMade;
    private long processesMade;
    private long choices = 17;

    private Simulation(long seed) {
        this.seed = seed;
        this.schedule = random(seed);
        this.world = process(0);
    }

    /** A thread's right to run on, and the process that it is of. */
    private record Turn(Runnable task, SimulatedProcess process) {}

    /**
     * A process of this world, with threads, timers and a clock of its own, which end when it is killed.
     *
     * @param driftPerMillion how much its clock runs ahead of the world's (behind it if negative), per million
     */
    public SimulatedProcess process(int driftPerMillion) {
        return new SimulatedProcess(this, random(seed ^ ++processesMade * 0x9E3779B97F4A7C15L), driftPerMillion);
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

    /** Time, chance and threads of this world itself, which nothing ends before the run is over. */
    public Environment environment() {
        return world.environment();
    }

    /** Turns that the seed has given so far. */
    public long steps() {
        return steps;
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
        Thread main = environment()
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
            Turn last = runnable.removeLast();
            Turn next = choice == runnable.size() ? last : runnable.set(choice, last);
            running = next;
            next.task.run();
            passMonitors(next.task);
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

    /**
     * A thread that found a monitor taken by a thread outside, as that of a log's stream may be, is given its turn again
     * before any other: so the run is the same as if the monitor had been free.
     */
    private void passMonitors(Runnable task) {
        Runnable woken = unblocked.poll();
        while (woken != null || waitsForMonitor(task)) {
            if (woken == null) {
                woken = awaitUnblocked();
            }
            woken.run();
            woken = unblocked.poll();
        }
    }

    /** A thread that is woken from a monitor is runnable for the machine a moment before it is so for us. */
    private boolean waitsForMonitor(Runnable task) {
        Thread thread = threadOf.get(task);
        return thread != null
                && switch (thread.getState()) {
                    case BLOCKED -> true;
                    case RUNNABLE -> !isRunnable(task);
                    case NEW, WAITING, TIMED_WAITING, TERMINATED -> false;
                };
    }

    private boolean isRunnable(Runnable task) {
        for (int i = runnable.size() - 1; i >= 0; i--) {
            if (runnable.get(i).task.equals(task)) {
                return true;
            }
        }
        // A thread that ended its own process runs no more.
        return !requireNonNull(running).process.isAlive();
    }

    private boolean isUnblocked(Runnable task) {
        Thread thread = threadOf.get(task);
        return thread != null && VirtualThreadInternals.isUnblocked(thread);
    }

    private Runnable awaitUnblocked() {
        try {
            Runnable woken = unblocked.poll(MONITOR_SECONDS_MAX, TimeUnit.SECONDS);
            if (woken != null) {
                return woken;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new AssertionError("seed " + seed + ": a thread waits for a monitor; if another of this world"
                + " holds it while it waits, that has to be a lock of java.util.concurrent");
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

    ThreadFactory threads(SimulatedProcess process) {
        Executor scheduler = task -> {
            if (!process.isAlive()) {
                return;
            }
            Thread waker = Thread.currentThread();
            if (waker == kernel && isUnblocked(task)) {
                // The monitor came free before the thread had quite gone to wait for it.
                unblocked.add(task);
            } else if (waker == kernel || waker.isVirtual()) {
                if (!process.holds(task)) {
                    runnable.add(new Turn(task, process));
                }
            } else if (waker.getName().equals("VirtualThread-unblocker")) {
                unblocked.add(task);
            } else {
                throw new IllegalStateException("a thread of the simulation was woken from outside: by " + waker);
            }
        };
        Thread.Builder.OfVirtual builder = VirtualThreadInternals.builderOn(scheduler);
        return task -> builder.name("sim-" + threadsMade++).unstarted(() -> {
            Runnable turns = requireNonNull(running).task;
            threadOf.put(turns, Thread.currentThread());
            try {
                task.run();
            } finally {
                threadOf.remove(turns);
            }
        });
    }

    /** Takes the turns of a process's threads away; returns at once, unless a thread of that process calls. */
    void stop(SimulatedProcess process) {
        Turn current = running;
        runnable.removeIf(turn -> turn.process == process);
        if (Thread.currentThread().isVirtual() && current != null && current.process == process) {
            while (true) {
                LockSupport.park(this);
            }
        }
    }

    /** Takes the turns that a process's threads have now away, and returns them. */
    List<Runnable> withdraw(SimulatedProcess process) {
        List<Runnable> tasks = new ArrayList<>();
        runnable.removeIf(turn -> turn.process == process && tasks.add(turn.task));
        return tasks;
    }

    /** Gives turns that were taken away back. */
    void giveBack(SimulatedProcess process, List<Runnable> tasks) {
        tasks.forEach(task -> runnable.add(new Turn(task, process)));
    }

    long nowNanos() {
        return nowNanos;
    }

    Instant instant() {
        return EPOCH.plusNanos(nowNanos);
    }

    Clock.Timer schedule(long atNanos, Runnable task) {
        return events.add(atNanos, task);
    }
}
