package dev.weft.kv.ratis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.RemoteKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.StoreServer;
import dev.weft.rpc.Environment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Peers of one store in this process, which talk to each other over loopback. */
final class LocalPeers implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Environment ENVIRONMENT = Environment.system();

    private final Path folder;
    private final StoreLimits limits;
    private final List<RatisPeer> first;
    private final Map<String, RatisKeyValueStore> running = new TreeMap<>();

    LocalPeers(Path folder, StoreLimits limits, int count) throws IOException {
        this.folder = folder;
        this.limits = limits;
        this.first = freePeers(1, count);
    }

    /** With free ports, as far as can be told. */
    static List<RatisPeer> freePeers(int from, int count) throws IOException {
        List<RatisPeer> peers = new ArrayList<>();
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
            sockets.add(socket);
            peers.add(new RatisPeer(Integer.toString(i), "127.0.0.1", socket.getLocalPort()));
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return peers;
    }

    void startAll() throws IOException {
        for (RatisPeer peer : first) {
            start(peer.id(), RatisConfig.of(folder.resolve(peer.id()), peer.id(), first));
        }
    }

    void start(String id, RatisConfig config) throws IOException {
        running.put(id, RatisKeyValueStore.open(config, limits, ENVIRONMENT));
    }

    RatisConfig config(String id) {
        return RatisConfig.of(folder.resolve(id), id, first);
    }

    void stop(String id) {
        RatisKeyValueStore peer = running.remove(id);
        if (peer != null) {
            peer.close();
        }
    }

    RatisKeyValueStore peer(String id) {
        return Optional.ofNullable(running.get(id)).orElseThrow();
    }

    /** The peer that leads, after waiting for one. */
    String leader() {
        await("nobody leads", () -> findLeader().isPresent());
        return findLeader().orElseThrow();
    }

    private Optional<String> findLeader() {
        return running.entrySet().stream()
                .filter(entry -> entry.getValue().status().leads())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** A store over all peers that run now. */
    KeyValueStore store() {
        List<StoreServer> servers = running.values().stream()
                .map(peer -> new StoreServer(peer, ENVIRONMENT))
                .toList();
        return new RemoteKeyValueStore(servers, limits, ENVIRONMENT);
    }

    /** As {@link #store}, with nothing in it. */
    KeyValueStore emptyStore() {
        KeyValueStore store = store();
        try {
            store.run(tx -> {
                tx.clear(new KeyRange(Bytes.EMPTY, Bytes.wrap(new byte[] {(byte) 0xff})));
                return 0;
            });
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return store;
    }

    static void await(String otherwise, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(deadline - System.nanoTime() > 0, otherwise);
            try {
                ENVIRONMENT.clock().sleep(Duration.ofMillis(10));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        List.copyOf(running.keySet()).forEach(this::stop);
    }
}
