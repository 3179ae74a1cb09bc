package dev.weft.rpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.spi.MemoryRegistry;
import dev.weft.rpc.spi.Transport;
import dev.weft.rpc.spi.TransportConfig;
import dev.weft.rpc.spi.TransportProvider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/** The transports of one client or server, made when an address first needs them. Thread-safe. */
final class Transports implements AutoCloseable {
    private final Environment environment;
    private final MemoryRegistry memory;
    private final TransportConfig config;
    private final List<TransportProvider> providers;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<TransportProvider, Transport> made = new LinkedHashMap<>();

    /** @param added are preferred to those that {@link ServiceLoader} finds */
    Transports(Environment environment, MemoryRegistry memory, TransportConfig config, List<TransportProvider> added) {
        this.environment = environment;
        this.memory = memory;
        this.config = config;
        this.providers = new ArrayList<>(added);
        ServiceLoader.load(TransportProvider.class, Transports.class.getClassLoader())
                .forEach(providers::add);
    }

    /** @throws IllegalArgumentException if no transport has the scheme; names those that are there */
    Transport forScheme(String scheme) {
        lock.lock();
        try {
            for (TransportProvider provider : providers) {
                if (provider.schemes().contains(scheme)) {
                    return made.computeIfAbsent(provider, p -> p.create(environment, memory, config));
                }
            }
        } finally {
            lock.unlock();
        }
        TreeSet<String> known = new TreeSet<>();
        providers.forEach(provider -> known.addAll(provider.schemes()));
        throw new IllegalArgumentException(
                "no transport for '" + scheme + "'; there are " + known + "; is its module on the path?");
    }

    /** Counters of all transports that were made, each after its scheme: {@code rdma.read-bytes}. */
    SortedMap<String, Long> counters() {
        SortedMap<String, Long> counters = new TreeMap<>();
        lock.lock();
        try {
            made.forEach((provider, transport) -> {
                String scheme = provider.schemes().stream().sorted().findFirst().orElse("");
                transport.counters().forEach((name, value) -> counters.put(scheme + "." + name, value));
            });
        } finally {
            lock.unlock();
        }
        return counters;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            made.values().forEach(Transport::close);
            made.clear();
        } finally {
            lock.unlock();
        }
    }
}
