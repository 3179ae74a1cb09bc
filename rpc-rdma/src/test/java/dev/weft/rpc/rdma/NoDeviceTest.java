package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.software.OpenObjects;
import dev.weft.rpc.rdma.software.SoftwareFabric;
import dev.weft.rpc.spi.MemoryRegistry;
import dev.weft.rpc.spi.TransportConfig;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A transport that cannot be made says why, and leaves nothing. */
final class NoDeviceTest {
    private final Environment environment = Environment.system();

    @Test
    void transportWithoutADeviceSaysWhereToLook() {
        SoftwareFabric fabric = SoftwareFabric.of(environment);
        try (var verbs = fabric.host(fabric.device("soft0", "10.0.0.1"))) {
            RdmaConfig other = RdmaConfig.builder().devices(List.of("mlx5_0")).build();
            var provider = new RdmaTransportProvider(other, verbs);
            var registry = new MemoryRegistry(environment.random());
            var e = assertThrows(
                    UncheckedIOException.class,
                    () -> provider.create(environment, registry, TransportConfig.defaults()));
            assertTrue(String.valueOf(e.getMessage()).contains("there is no RDMA device of [mlx5_0]"), e.getMessage());
            assertTrue(Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("weft-rdma")));
        }
        assertEquals(OpenObjects.NONE, fabric.open());
    }
}
