package dev.weft.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.rpc.spi.DeadlineWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class DeadlineWatchTest {
    /** Just before the counter wraps: only differences of times have a meaning. */
    private static final long START = Long.MAX_VALUE - 50;

    private final ManualClock clock = new ManualClock(START);
    private final TreeSet<Long> deadlines = new TreeSet<>();
    private final List<Long> expiredAt = new ArrayList<>();
    private int looks;
    private final DeadlineWatch watch = new DeadlineWatch(clock, this::expire);

    private long expire(long now) {
        looks++;
        while (!deadlines.isEmpty() && START + deadlines.first() - now <= 0) {
            deadlines.pollFirst();
            expiredAt.add(now - START);
        }
        return deadlines.isEmpty() ? DeadlineWatch.never(now) : START + deadlines.first();
    }

    private void add(long afterStart) {
        deadlines.add(afterStart);
        watch.add(START + afterStart);
    }

    @Test
    void eachDeadlineExpiresAtItsTime() {
        add(100);
        add(30);
        add(200);
        clock.advance(300);
        assertEquals(List.of(30L, 100L, 200L), expiredAt);
        assertEquals(0, clock.timers());
    }

    @Test
    void laterDeadlinesShareTheTimerOfTheEarliest() {
        add(10);
        for (int i = 11; i < 100; i++) {
            add(i);
        }
        assertEquals(1, clock.timers());
    }

    @Test
    void callsThatEndInTimeCostOneLookAtTheFirstDeadline() {
        for (int i = 0; i < 100; i++) {
            add(1000 + i);
            deadlines.clear();
            clock.advance(1);
        }
        clock.advance(5000);
        assertEquals(1, looks);
        assertEquals(0, clock.timers());
        add(9000);
        clock.advance(9000);
        assertEquals(List.of(9000L), expiredAt);
    }

    @Test
    void deadlineThatHasPassedExpiresAtOnce() {
        clock.advance(100);
        add(50);
        clock.advance(0);
        assertEquals(List.of(100L), expiredAt);
    }

    @Test
    void closedWatchExpiresNothing() {
        add(10);
        watch.close();
        add(5);
        clock.advance(100);
        assertEquals(List.of(), expiredAt);
        assertEquals(0, clock.timers());
    }
}
