package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RdmaOptionsTest {
    @Test
    void nothingSaidLeavesTheDefaults() {
        assertEquals(RdmaConfig.defaults(), RdmaOptions.parse(""));
    }

    @Test
    void whatIsSaidReplacesTheDefaults() {
        RdmaConfig config = RdmaOptions.parse(
                "ring-buffers=64, devices=mlx5_0+mlx5_1, resume-timeout-ms=500, traffic-class=96, gid-index=3");
        assertEquals(64, config.ringBuffers());
        assertEquals(List.of("mlx5_0", "mlx5_1"), config.devices());
        assertEquals(Duration.ofMillis(500), config.resumeTimeout());
        assertEquals(96, config.queuePairs().trafficClass());
        assertEquals(OptionalInt.of(3), config.queuePairs().gidIndex());
        assertEquals(RdmaConfig.defaults().bufferBytes(), config.bufferBytes());
        assertEquals(OptionalInt.empty(), config.queuePairs().serviceLevel());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ring-buffers | 'ring-buffers' is not of the form key=value",
                "rings=3 | no RDMA option rings; there are buffer-bytes, devices,",
                "ring-buffers=many | ring-buffers of 'many' is not a number",
                "ring-buffers=4294967297 | ring-buffers of 4294967297 is too large",
                "ring-buffers=7 | ring-buffers of 7 is not in 8..1024",
                "service-level=16 | service-level of 16 is not in 0..15",
                "mtu-bytes=1500 | mtu-bytes of 1500 is not a power of two",
            })
    void whatCannotBeIsRefusedByName(String text, String message) {
        var e = assertThrows(IllegalArgumentException.class, () -> RdmaOptions.parse(text));
        assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
    }
}
