package dev.weft.storage;

import dev.weft.api.storage.StorageService;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Services call each other's objects. */
final class DirectNetwork implements TestNetwork {
    private final Map<Integer, StorageService> services = new ConcurrentHashMap<>();
    private final InProcessMemory memory = new InProcessMemory();

    @Override
    public void serve(int node, StorageService service) {
        services.put(node, service);
    }

    @Override
    public void stop(int node) {
        services.remove(node);
    }

    @Override
    public StorageService reach(int from, int node) {
        StorageService service = services.get(node);
        if (service == null) {
            throw new RpcException(StatusCode.UNAVAILABLE, "node " + node + " is down");
        }
        return service;
    }

    @Override
    public DataMover memory(int party) {
        return memory;
    }

    @Override
    public long outstanding() {
        return memory.outstanding();
    }

    @Override
    public void close() {
        services.clear();
    }
}
