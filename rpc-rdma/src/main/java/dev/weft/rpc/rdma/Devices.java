package dev.weft.rpc.rdma;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.ibm.disni.verbs.IbvContext;
import dev.weft.rpc.Clock;
import dev.weft.rpc.rdma.RegisteredMemory.Slab;
import dev.weft.rpc.rdma.verbs.Device;
import dev.weft.rpc.rdma.verbs.DeviceEvent;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import dev.weft.rpc.spi.MemoryRegistry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The devices that one transport has open, and the memory that each of them has registered. */
final class Devices {
    private final VerbsProvider provider;
    private final VerbsThread verbs;
    private final Clock clock;
    private final RdmaConfig config;
    private final RdmaCounters counters;
    private final BiConsumer<OpenDevice, DeviceEvent> onEvent;
    private final ReentrantLock lock = new ReentrantLock();

    /** Changed under the lock. */
    private final List<OpenDevice> devices = new CopyOnWriteArrayList<>();

    /** Native memory that devices have registered. */
    @GuardedBy("lock")
    private final List<MemorySegment> slabs = new ArrayList<>();

    /** Devices that are gone, and still have queue pairs to bury. */
    @GuardedBy("lock")
    private final List<OpenDevice> lost = new ArrayList<>();

    @GuardedBy("lock")
    private int nextOrdinal;

    private final List<MemoryRegistry.Subscription> watched = new ArrayList<>();

    /** @param onEvent gets each event of a device, on a thread that must not block */
    Devices(
            VerbsProvider provider,
            VerbsThread verbs,
            Clock clock,
            RdmaConfig config,
            RdmaCounters counters,
            BiConsumer<OpenDevice, DeviceEvent> onEvent) {
        this.provider = provider;
        this.verbs = verbs;
        this.clock = clock;
        this.config = config;
        this.counters = counters;
        this.onEvent = onEvent;
    }

    /** Opens those that are there and to be used; there must be one. */
    void openAll() throws IOException {
        verbs.call(() -> {
            for (Device device : provider.devices()) {
                if (isWanted(device.name())) {
                    open(provider.open(device.name()));
                }
            }
            return 0;
        });
        if (devices.isEmpty()) {
            throw new IOException("there is no RDMA device"
                    + (config.devices().isEmpty() ? "" : " of " + config.devices())
                    + " (provider " + provider.name() + "); 'weft rdma devices' lists what there is");
        }
    }

    private boolean isWanted(String name) {
        return config.devices().isEmpty() || config.devices().contains(name);
    }

    private OpenDevice open(IbvContext context) throws IOException {
        lock.lock();
        try {
            OpenDevice opened = new OpenDevice(context, nextOrdinal++, provider, clock, counters, onEvent);
            slabs.forEach(slab -> opened.memory().add(slab));
            devices.add(opened);
            return opened;
        } finally {
            lock.unlock();
        }
    }

    /** The device behind a context; opened if need be. */
    OpenDevice of(IbvContext context) throws IOException {
        String name = provider.deviceName(context);
        lock.lock();
        try {
            for (OpenDevice device : devices) {
                if (device.name().equals(name) && !device.isLost()) {
                    return device;
                }
            }
        } finally {
            lock.unlock();
        }
        if (!isWanted(name)) {
            throw new IOException("device " + name + " is not among those to be used: " + config.devices());
        }
        if (devices.size() >= MemoryKeys.DEVICES_MAX) {
            throw new IOException("device " + name + " is one more than " + MemoryKeys.DEVICES_MAX);
        }
        return verbs.call(() -> open(context));
    }

    // --- memory

    /** Has all devices register the memory of a registry, now and later. */
    void watch(MemoryRegistry registry) {
        watched.add(registry.listen(new MemoryRegistry.MemoryListener() {
            @Override
            public void added(MemorySegment slab) {
                lock.lock();
                try {
                    slabs.add(slab);
                    devices.forEach(device -> device.memory().add(slab));
                } finally {
                    lock.unlock();
                }
            }

            @Override
            public void freed(MemorySegment slab) {
                lock.lock();
                try {
                    slabs.removeIf(known -> known.address() == slab.address());
                    devices.forEach(device -> device.memory().remove(slab));
                    lost.forEach(device -> device.memory().remove(slab));
                } finally {
                    lock.unlock();
                }
            }
        }));
    }

    /** Keys of memory for all devices; null if none has it. */
    @Nullable
    MemoryKeys keysOf(MemorySegment segment) {
        int[] ordinals = new int[devices.size()];
        int[] rkeys = new int[ordinals.length];
        int count = 0;
        for (OpenDevice device : devices) {
            Slab slab = device.memory().find(segment.address(), segment.byteSize());
            if (slab != null && count < ordinals.length) {
                ordinals[count] = device.ordinal();
                rkeys[count] = slab.rkey();
                count++;
            }
        }
        if (count == 0) {
            return null;
        }
        return new MemoryKeys(Arrays.copyOf(ordinals, count), Arrays.copyOf(rkeys, count));
    }

    /** Whether all devices have the memory. */
    boolean isRegistered(MemorySegment segment) {
        for (int i = 0; i < devices.size(); i++) {
            OpenDevice device = devices.get(i);
            if (device.memory().find(segment.address(), segment.byteSize()) == null) {
                return false;
            }
        }
        return true;
    }

    // --- addresses

    /** Those of all devices. */
    List<InetAddress> addresses() {
        List<InetAddress> addresses = new ArrayList<>();
        for (OpenDevice device : devices) {
            addresses.addAll(device.info().addresses());
        }
        return addresses;
    }

    /** By which a listener's devices can be reached: one address of its family for each. */
    List<InetAddress> addressesFor(InetSocketAddress listener) {
        List<InetAddress> addresses = new ArrayList<>();
        for (OpenDevice device : devices) {
            device.info().addresses().stream()
                    .filter(address ->
                            address.getClass() == listener.getAddress().getClass())
                    .filter(address -> !address.isLinkLocalAddress())
                    .findFirst()
                    .ifPresent(addresses::add);
        }
        return addresses.size() > Rail.RAILS_MAX ? addresses.subList(0, Rail.RAILS_MAX) : addresses;
    }

    // --- the end

    /** Gives a device up; false if that has happened before. It is freed by {@link #closeLost}. */
    boolean lose(OpenDevice device) {
        if (!device.lose()) {
            return false;
        }
        lock.lock();
        try {
            devices.remove(device);
            lost.add(device);
        } finally {
            lock.unlock();
        }
        return true;
    }

    /** Frees what is left of devices that are gone and have no queue pair any more. */
    void closeLost() {
        List<OpenDevice> unused = new ArrayList<>();
        lock.lock();
        try {
            for (OpenDevice device : List.copyOf(lost)) {
                if (device.poller().isUnused()) {
                    lost.remove(device);
                    unused.add(device);
                }
            }
        } finally {
            lock.unlock();
        }
        unused.forEach(OpenDevice::close);
    }

    /** Whether no queue pair is left. */
    boolean areUnused() {
        lock.lock();
        try {
            return devices.stream().allMatch(device -> device.poller().isUnused())
                    && lost.stream().allMatch(device -> device.poller().isUnused());
        } finally {
            lock.unlock();
        }
    }

    /** Frees everything; no queue pair is left. */
    void close() {
        watched.forEach(MemoryRegistry.Subscription::close);
        closeLost();
        devices.forEach(OpenDevice::close);
    }
}
