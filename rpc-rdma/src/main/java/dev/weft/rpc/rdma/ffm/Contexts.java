package dev.weft.rpc.rdma.ffm;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.rdma.ffm.Layouts.Context;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** The contexts of the connection manager, one of each device, for as long as the provider is open. */
final class Contexts implements AutoCloseable {
    private static final Path DEVICES = Path.of("/sys/class/infiniband");

    private final FfmVerbsProvider provider;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Long, FfmContext> known = new HashMap<>();

    /** What the library gave last; it keeps the contexts open until it is given back. */
    @GuardedBy("lock")
    private long list;

    Contexts(FfmVerbsProvider provider) {
        this.provider = provider;
    }

    /** The contexts of all devices that are there now. */
    List<FfmContext> refresh() throws IOException {
        lock.lock();
        try {
            // Without a device the library would complain on the standard error output.
            if (!anyDevice()) {
                return List.of();
            }
            long next = Rdmacm.GET_DEVICES.pointer(0);
            freeList();
            list = next;
            var contexts = new ArrayList<FfmContext>();
            for (long at = next; Memory.getLong(at) != 0; at += Long.BYTES) {
                contexts.add(of(Memory.getLong(at)));
            }
            return contexts;
        } finally {
            lock.unlock();
        }
    }

    FfmContext of(long address) throws IOException {
        lock.lock();
        try {
            FfmContext context = known.get(address);
            if (context == null) {
                long device = Memory.getLong(address + Context.DEVICE);
                context = new FfmContext(provider, address, Memory.getString(Ibverbs.GET_DEVICE_NAME.pointer(device)));
                known.put(address, context);
            }
            return context;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            known.values().forEach(FfmContext::closeEvents);
            known.clear();
            freeList();
        } catch (IOException e) {
            throw new AssertionError("a function that cannot fail failed", e);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void freeList() throws IOException {
        if (list != 0) {
            Rdmacm.FREE_DEVICES.call(list);
            list = 0;
        }
    }

    private static boolean anyDevice() throws IOException {
        if (!Files.isDirectory(DEVICES)) {
            return false;
        }
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(DEVICES)) {
            return devices.iterator().hasNext();
        }
    }
}
