package dev.weft.rpc.rdma;

import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import dev.weft.rpc.spi.MemoryRegistry;
import dev.weft.rpc.spi.Transport;
import dev.weft.rpc.spi.TransportConfig;
import dev.weft.rpc.spi.TransportProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;

/** Serves {@code rdma://host:port}. */
public final class RdmaTransportProvider implements TransportProvider {
    private final RdmaConfig config;
    private final VerbsProvider verbs;

    /**
     * A transport over given verbs.
     *
     * @param verbs stays the caller's to close, after all transports
     */
    public RdmaTransportProvider(RdmaConfig config, VerbsProvider verbs) {
        this.config = config;
        this.verbs = verbs;
    }

    @Override
    public Set<String> schemes() {
        return Set.of("rdma");
    }

    @Override
    public Transport create(Environment environment, MemoryRegistry memory, TransportConfig transportConfig) {
        try {
            return new RdmaTransport(verbs, environment, memory, transportConfig, config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
