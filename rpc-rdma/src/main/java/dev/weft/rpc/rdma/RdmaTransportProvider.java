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
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code rdma://host:port}.
 *
 * <p>Found on the path, it uses the machine's own devices by the foreign function interface, or, where the system property
 * {@code weft.rdma.provider} or the environment variable {@code WEFT_RDMA_PROVIDER} says {@code software}, devices emulated
 * on the machine's loop-back addresses. Its configuration comes from {@code weft.rdma.options} or {@code WEFT_RDMA_OPTIONS}:
 * {@code key=value,...} with the keys of {@link RdmaConfig} and {@link dev.weft.rpc.rdma.verbs.QpSettings} in lower case with
 * dashes, times in milliseconds as in {@code resume-timeout-ms}, and names of devices joined by {@code +}.
 *
 * <p>A transport counts, over all its devices and connections (see {@link Transport#counters}):
 *
 * <table>
 * <caption>Counters</caption>
 * <tr><td>{@code posts}</td><td>chains of work requests handed to a device: doorbells</td></tr>
 * <tr><td>{@code completions}</td><td>work requests whose completion was reported; most requests are not signalled</td></tr>
 * <tr><td>{@code polls}, {@code arms}</td><td>times that a completion queue was looked at, and was armed</td></tr>
 * <tr><td>{@code sleeps}</td><td>times that a poller of completions slept, as there was nothing to do</td></tr>
 * <tr><td>{@code sends}, {@code send-bytes}</td><td>buffers of messages sent through rings, and what was in them</td></tr>
 * <tr><td>{@code acknowledgements}</td><td>of buffers received, as far as they travelled alone</td></tr>
 * <tr><td>{@code reads}, {@code read-bytes}</td><td>one-sided reads posted: work requests, and bytes of memory</td></tr>
 * <tr><td>{@code writes}, {@code write-bytes}</td><td>one-sided writes posted, likewise</td></tr>
 * <tr><td>{@code staged-bytes}</td><td>of those, copied once more, as the local memory was not registered</td></tr>
 * <tr><td>{@code queue-pairs}</td><td>made</td></tr>
 * <tr><td>{@code queue-pair-failures}, {@code queue-pair-rebuilds}</td><td>rails that failed, and that came back</td></tr>
 * <tr><td>{@code replays}</td><td>one-sided work posted again after a failure</td></tr>
 * <tr><td>{@code grants-opened}, {@code grants-revoked}</td><td>of peers' memory looked up; of ours taken back</td></tr>
 * <tr><td>{@code permit-waits}</td><td>transfers that waited until the receiver had room</td></tr>
 * </table>
 */
public final class RdmaTransportProvider implements TransportProvider {
    private final RdmaConfig config;

    /** Null to choose when first needed. */
    private final @Nullable VerbsProvider verbs;

    /**
     * For {@link java.util.ServiceLoader}.
     *
     * @throws IllegalArgumentException if the options of the process cannot be; names the one
     */
    public RdmaTransportProvider() {
        String property = System.getProperty("weft.rdma.options");
        String variable = System.getenv("WEFT_RDMA_OPTIONS");
        this.config = RdmaOptions.parse(property != null ? property : variable != null ? variable : "");
        this.verbs = null;
    }

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

    /** @throws UncheckedIOException if there is no device or no library; says what to install */
    @Override
    public Transport create(Environment environment, MemoryRegistry memory, TransportConfig transportConfig) {
        try {
            VerbsProvider chosen = verbs == null ? OfThisProcess.get() : verbs;
            return new RdmaTransport(chosen, environment, memory, transportConfig, config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The provider that all transports of the process share; it lives as long as the process. */
    private static final class OfThisProcess {
        private static final ReentrantLock LOCK = new ReentrantLock();
        private static @Nullable VerbsProvider provider;

        static VerbsProvider get() throws IOException {
            LOCK.lock();
            try {
                VerbsProvider made = provider;
                if (made == null) {
                    made = VerbsProviders.open(VerbsProviders.configuredName());
                    provider = made;
                }
                return made;
            } finally {
                LOCK.unlock();
            }
        }
    }
}
