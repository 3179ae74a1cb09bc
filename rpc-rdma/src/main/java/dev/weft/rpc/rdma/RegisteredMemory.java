package dev.weft.rpc.rdma;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Memory of this process that one device may read and write, found by address. Thread-safe. */
final class RegisteredMemory {
    private static final System.Logger LOG = System.getLogger("dev.weft.rpc.rdma");

    /** A slab as the device knows it. */
    record Slab(long address, long bytes, int lkey, int rkey, IbvMr region) {
        boolean contains(long from, long length) {
            return from >= address && length <= bytes && from - address <= bytes - length;
        }
    }

    private final VerbsProvider provider;
    private final IbvPd pd;
    private final String device;
    private final ReentrantLock lock = new ReentrantLock();

    /** Sorted by address; replaced as a whole, under the lock. */
    private volatile Slab[] slabs = new Slab[0];

    @GuardedBy("lock")
    private boolean closed;

    RegisteredMemory(VerbsProvider provider, IbvPd pd, String device) {
        this.provider = provider;
        this.pd = pd;
        this.device = device;
    }

    /** Registers memory; what cannot be registered is copied on its way. */
    @Nullable
    Slab add(MemorySegment memory) {
        lock.lock();
        try {
            if (closed) {
                return null;
            }
            IbvMr region = provider.register(pd, memory, OpenDevice.ACCESS);
            Slab slab = new Slab(memory.address(), memory.byteSize(), region.getLkey(), region.getRkey(), region);
            List<Slab> all = new ArrayList<>(List.of(slabs));
            all.add(slab);
            all.sort(Comparator.comparingLong(Slab::address));
            slabs = all.toArray(Slab[]::new);
            return slab;
        } catch (IOException e) {
            LOG.log(Level.WARNING, memory.byteSize() + " bytes cannot be registered with " + device, e);
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Deregisters memory: when this returns, the device does not touch it any more. */
    void remove(MemorySegment memory) {
        lock.lock();
        try {
            List<Slab> kept = new ArrayList<>();
            for (Slab slab : slabs) {
                if (slab.address == memory.address() && slab.bytes == memory.byteSize()) {
                    deregister(slab);
                } else {
                    kept.add(slab);
                }
            }
            slabs = kept.toArray(Slab[]::new);
        } finally {
            lock.unlock();
        }
    }

    /** The slab that has all of these bytes; null if none does. Allocates nothing. */
    @Nullable
    Slab find(long address, long bytes) {
        Slab[] sorted = slabs;
        int low = 0;
        int high = sorted.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Slab slab = sorted[middle];
            if (slab.contains(address, bytes)) {
                return slab;
            }
            if (Long.compareUnsigned(slab.address, address) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            for (Slab slab : slabs) {
                deregister(slab);
            }
            slabs = new Slab[0];
        } finally {
            lock.unlock();
        }
    }

    private void deregister(Slab slab) {
        try {
            slab.region.deregMr().execute().free();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "deregistering memory of " + device, e);
        }
    }
}
