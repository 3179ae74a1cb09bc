package dev.weft.storage;

import dev.weft.api.storage.StorageService;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Services call each other's objects. */
final class DirectNetwork implements TestNetwork {
    private final Map<Integer, StorageService> services = new ConcurrentHashMap<>();
    private final Map<Integer, ReadWriteLock> inProgress = new ConcurrentHashMap<>();
    private final InProcessMemory memory = new InProcessMemory();

    @Override
    public void serve(int node, StorageService service) {
        ReadWriteLock lock = new ReentrantReadWriteLock();
        inProgress.put(node, lock);
        Object proxy = Proxy.newProxyInstance(
                StorageService.class.getClassLoader(),
                new Class<?>[] {StorageService.class},
                (_, method, arguments) -> call(node, service, lock.readLock(), method, arguments));
        services.put(node, (StorageService) proxy);
    }

    private Object call(int node, StorageService service, Lock lock, Method method, Object[] arguments)
            throws Throwable {
        if (!lock.tryLock()) {
            throw new RpcException(StatusCode.UNAVAILABLE, "node " + node + " ends");
        }
        try {
            return method.invoke(service, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void stop(int node) {
        services.remove(node);
        ReadWriteLock lock = inProgress.get(node);
        if (lock != null) {
            // For good: who has looked the service up before must not reach it any more.
            lock.writeLock().lock();
        }
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
