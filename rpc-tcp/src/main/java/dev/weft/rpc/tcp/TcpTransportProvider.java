package dev.weft.rpc.tcp;

import dev.weft.rpc.Environment;
import dev.weft.rpc.spi.MemoryRegistry;
import dev.weft.rpc.spi.Transport;
import dev.weft.rpc.spi.TransportConfig;
import dev.weft.rpc.spi.TransportProvider;
import java.util.Set;

/** Serves {@code tcp://host:port} and {@code unix:/path}. */
public final class TcpTransportProvider implements TransportProvider {
    /** For {@link java.util.ServiceLoader}. */
    public TcpTransportProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("tcp", "unix");
    }

    @Override
    public Transport create(Environment environment, MemoryRegistry memory, TransportConfig config) {
        return new TcpTransport(environment, memory, config);
    }
}
