package dev.weft.rpc.rdma.software;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.ibm.disni.verbs.IbvContext;
import dev.weft.rpc.rdma.verbs.DeviceEvent;
import dev.weft.rpc.rdma.verbs.Owned;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** An open device, until the device is lost. The connection manager and {@code open} share the same one. */
final class SoftwareContext extends IbvContext implements Owned {
    private final SoftwareVerbsProvider provider;
    private final SoftwareDevice device;
    private final RegionTable regions;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<EventSubscription> listeners = new ArrayList<>();

    @GuardedBy("lock")
    private final Set<QueuePair> queuePairs = new LinkedHashSet<>();

    @GuardedBy("lock")
    private final Set<SoftwareCompChannel> channels = new LinkedHashSet<>();

    private volatile boolean lost;

    SoftwareContext(SoftwareVerbsProvider provider, SoftwareDevice device, int handle) throws IOException {
        super(handle, 1);
        this.provider = provider;
        this.device = device;
        this.regions = new RegionTable(device.fabric().environment().random());
    }

    @Override
    public VerbsProvider owner() {
        return provider;
    }

    SoftwareVerbsProvider provider() {
        return provider;
    }

    SoftwareDevice device() {
        return device;
    }

    SoftwareFabric fabric() {
        return device.fabric();
    }

    RegionTable regions() {
        return regions;
    }

    int newHandle() {
        return fabric().newHandle();
    }

    boolean isLost() {
        return lost;
    }

    void requireAlive() throws IOException {
        if (lost) {
            throw lostException();
        }
    }

    private IOException lostException() {
        return Errno.EIO.because("device " + device.name() + " is lost");
    }

    void add(QueuePair queuePair) {
        lock.lock();
        try {
            queuePairs.add(queuePair);
        } finally {
            lock.unlock();
        }
    }

    void remove(QueuePair queuePair) {
        lock.lock();
        try {
            queuePairs.remove(queuePair);
        } finally {
            lock.unlock();
        }
    }

    void add(SoftwareCompChannel channel) {
        lock.lock();
        try {
            channels.add(channel);
        } finally {
            lock.unlock();
        }
    }

    void remove(SoftwareCompChannel channel) {
        lock.lock();
        try {
            channels.remove(channel);
        } finally {
            lock.unlock();
        }
    }

    List<QueuePair> queuePairs() {
        lock.lock();
        try {
            return List.copyOf(queuePairs);
        } finally {
            lock.unlock();
        }
    }

    EventSubscription subscribe(Consumer<DeviceEvent> listener) {
        var subscription = new EventSubscription(this, listener);
        lock.lock();
        try {
            listeners.add(subscription);
        } finally {
            lock.unlock();
        }
        return subscription;
    }

    void unsubscribe(EventSubscription subscription) {
        lock.lock();
        try {
            listeners.remove(subscription);
        } finally {
            lock.unlock();
        }
    }

    void emit(DeviceEvent event) {
        lock.lock();
        try {
            listeners.forEach(listener -> listener.put(event));
        } finally {
            lock.unlock();
        }
    }

    /** Nothing on it works any more, nobody waits on it any more. */
    void lose() {
        lost = true;
        isOpen = false;
        emit(new DeviceEvent(DeviceEvent.Kind.DEVICE_FATAL, 0));
        lock.lock();
        try {
            channels.forEach(channel -> channel.lose("device " + device.name() + " is lost"));
        } finally {
            lock.unlock();
        }
    }
}
