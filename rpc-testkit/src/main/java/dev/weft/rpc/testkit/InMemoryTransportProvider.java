package dev.weft.rpc.testkit;

import dev.weft.rpc.Environment;
import dev.weft.rpc.spi.MemoryRegistry;
import dev.weft.rpc.spi.Transport;
import dev.weft.rpc.spi.TransportConfig;
import dev.weft.rpc.spi.TransportProvider;
import java.util.Set;

/** The transport of one node of an {@link InMemoryNetwork}. */
record InMemoryTransportProvider(InMemoryNetwork network, String node) implements TransportProvider {
    @Override
    public Set<String> schemes() {
        return Set.of("mem");
    }

    @Override
    public Transport create(Environment environment, MemoryRegistry memory, TransportConfig config) {
        return new InMemoryTransport(network, node, environment.clock(), memory, config);
    }
}
