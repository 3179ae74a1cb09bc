package dev.weft.rpc.spi;

import dev.weft.rpc.Environment;
import java.util.Set;

/** How a transport is found: by {@link java.util.ServiceLoader}. */
public interface TransportProvider {
    /** Schemes of the addresses that the transport serves, such as {@code tcp}. */
    Set<String> schemes();

    /** A transport for one client or server, which closes it. */
    Transport create(Environment environment, MemoryRegistry memory, TransportConfig config);
}
