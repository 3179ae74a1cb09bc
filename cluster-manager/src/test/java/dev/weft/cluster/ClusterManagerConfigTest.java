package dev.weft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ClusterManagerConfigTest {
    private final ClusterManagerConfig defaults = ClusterManagerConfig.defaults();

    @Test
    void defaultsAreValid() {
        assertEquals(Duration.ofSeconds(6), defaults.failureTime());
        assertEquals(Duration.ofSeconds(3), defaults.lease());
        assertEquals(3, defaults.replicas());
        assertEquals(Duration.ofSeconds(2), defaults.managerLease());
    }

    @Test
    void theLeaseFollowsTheFailureTime() {
        assertEquals(
                Duration.ofSeconds(5),
                defaults.withFailureTime(Duration.ofSeconds(10)).lease());
    }

    @Test
    void refusesALeaseThatOutlivesHalfTheFailureTime() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> new ClusterManagerConfig(
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(1),
                        3,
                        3,
                        4,
                        Duration.ofSeconds(1),
                        1,
                        1,
                        Duration.ofSeconds(1),
                        1,
                        Duration.ofSeconds(1),
                        1,
                        1));
        assertTrue(refused.toString().contains("lease is PT4S"), refused.toString());
    }

    @Test
    void refusesFewerNodesThanReplicas() {
        assertThrows(IllegalArgumentException.class, () -> defaults.withChains(3, 2, 4));
        assertThrows(IllegalArgumentException.class, () -> defaults.withChains(0, 3, 4));
        assertEquals(1, defaults.withChains(1, 1, 1).replicas());
    }
}
