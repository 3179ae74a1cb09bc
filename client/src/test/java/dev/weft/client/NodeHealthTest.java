package dev.weft.client;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.testkit.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class NodeHealthTest {
    private final TestClock clock = new TestClock();
    private final NodeHealth health = new NodeHealth(clock);

    @Test
    void aNodeThatFailedIsAvoidedForAMoment() {
        assertTrue(health.isGood(1));
        health.failed(1);
        assertFalse(health.isGood(1));
        assertTrue(health.isGood(2));
        clock.advance(Duration.ofMillis(1001));
        assertTrue(health.isGood(1));
    }
}
