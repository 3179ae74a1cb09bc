package dev.weft.rpc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.weft.rpc.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

final class SimulatedProcessTest {
    @Test
    void killedProcessRunsNotEvenItsFinallyBlocks() {
        Simulation.run(1, simulation -> {
            List<String> done = new ArrayList<>();
            SimulatedProcess process = simulation.process(0);
            Clock clock = process.environment().clock();
            clock.schedule(Duration.ofSeconds(5).toNanos(), () -> done.add("timer"));
            ReentrantLock lock = new ReentrantLock();
            process.environment()
                    .threads()
                    .newThread(() -> {
                        lock.lock();
                        try {
                            clock.sleep(Duration.ofSeconds(5));
                            done.add("woken");
                        } catch (InterruptedException e) {
                            done.add("interrupted");
                        } finally {
                            done.add("finally");
                            lock.unlock();
                        }
                    })
                    .start();
            simulation.environment().clock().sleep(Duration.ofSeconds(1));
            process.kill();
            simulation.environment().clock().sleep(Duration.ofSeconds(10));
            assertEquals(List.of(), done);
            assertFalse(process.isAlive());
        });
    }

    @Test
    void threadThatKillsItsOwnProcessStopsThere() {
        Simulation.run(2, simulation -> {
            List<String> done = new ArrayList<>();
            SimulatedProcess process = simulation.process(0);
            process.environment()
                    .threads()
                    .newThread(() -> {
                        done.add("before");
                        process.kill();
                        done.add("after");
                    })
                    .start();
            simulation.environment().clock().sleep(Duration.ofSeconds(1));
            assertEquals(List.of("before"), done);
        });
    }

    @Test
    void pausedProcessGoesOnLaterAsIfNoTimeHadPassed() {
        Simulation.run(4, simulation -> {
            Clock world = simulation.environment().clock();
            List<String> done = new ArrayList<>();
            SimulatedProcess process = simulation.process(0);
            Clock clock = process.environment().clock();
            clock.schedule(Duration.ofSeconds(2).toNanos(), () -> done.add("timer"));
            process.environment()
                    .threads()
                    .newThread(() -> {
                        try {
                            clock.sleep(Duration.ofSeconds(3));
                            done.add("woken after " + Duration.ofNanos(clock.nanoTime()));
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    })
                    .start();
            world.sleep(Duration.ofSeconds(1));
            process.pause();
            world.sleep(Duration.ofSeconds(9));
            assertEquals(List.of(), done);
            process.resume();
            world.sleep(Duration.ofMillis(1));
            assertEquals(List.of("timer", "woken after PT10S"), done);
        });
    }

    @Test
    void clockThatRunsAheadWakesItsThreadsEarly() {
        Simulation.run(3, simulation -> {
            SimulatedProcess process = simulation.process(10_000);
            Clock ahead = process.environment().clock();
            List<Duration> woken = new ArrayList<>();
            process.environment()
                    .threads()
                    .newThread(() -> {
                        try {
                            ahead.sleep(Duration.ofMillis(1010));
                            woken.add(Duration.ofNanos(
                                    simulation.environment().clock().nanoTime()));
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    })
                    .start();
            simulation.environment().clock().sleep(Duration.ofSeconds(2));
            assertEquals(List.of(Duration.ofSeconds(1)), woken);
        });
    }
}
