package dev.weft.storage;

import dev.weft.api.storage.StorageService;
import dev.weft.api.storage.StorageServiceRpc;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.BufferPoolConfig;
import dev.weft.rpc.ClientConfig;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RetryPolicy;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.TransportProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/** Services in servers of their own, with clients and memory of their own. */
final class RpcNetwork implements TestNetwork {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final IntFunction<String> listen;
    private final IntFunction<List<TransportProvider>> transports;
    private final Map<Integer, Party> parties = new ConcurrentHashMap<>();
    private final Map<Integer, RpcServer> servers = new ConcurrentHashMap<>();

    /** One process, as it were; it outlives its server. */
    private record Party(BufferPool buffers, RpcClient client, DataMover memory) {}

    /**
     * @param listen where each node does
     * @param transports of each party, besides those on the class path
     */
    RpcNetwork(IntFunction<String> listen, IntFunction<List<TransportProvider>> transports) {
        this.listen = listen;
        this.transports = transports;
    }

    private Party party(int number) {
        return parties.computeIfAbsent(number, _ -> {
            BufferPool buffers = new BufferPool(new BufferPoolConfig(64 << 20, 8 << 20), Environment.system());
            RpcClient.Builder client = RpcClient.builder()
                    .config(ClientConfig.defaults().withRetry(RetryPolicy.none()))
                    .buffers(buffers);
            transports.apply(number).forEach(client::transport);
            return new Party(buffers, client.build(), new PeerMemory(buffers));
        });
    }

    @Override
    public void serve(int node, StorageService service) throws IOException {
        RpcServer.Builder server =
                RpcServer.builder().buffers(party(node).buffers).bind(StorageServiceRpc.SERVICE, service);
        transports.apply(node).forEach(server::transport);
        servers.put(node, server.listen(listen.apply(node)).start());
    }

    @Override
    public void stop(int node) {
        RpcServer server = servers.remove(node);
        if (server == null) {
            return;
        }
        try {
            server.shutdown(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public StorageService reach(int from, int node) {
        return party(from).client.stub(StorageServiceRpc.SERVICE, server(node).address());
    }

    private RpcServer server(int node) {
        RpcServer server = servers.get(node);
        if (server == null) {
            throw new RpcException(StatusCode.UNAVAILABLE, "node " + node + " is down");
        }
        return server;
    }

    @Override
    public DataMover memory(int party) {
        return party(party).memory;
    }

    BufferPool buffers(int party) {
        return party(party).buffers;
    }

    /** What the transports of a node's server have done, by name. */
    Map<String, Long> counters(int node) {
        return server(node).transportCounters();
    }

    @Override
    public long outstanding() {
        return parties.values().stream()
                .mapToLong(party -> party.buffers.usedBuffers())
                .sum();
    }

    @Override
    public void close() {
        servers.values().forEach(RpcServer::close);
        parties.values().forEach(party -> party.client.close());
        parties.values().forEach(party -> party.buffers.close());
    }
}
