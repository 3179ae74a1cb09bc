package dev.weft.rpc.spi;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.RemoteMemory;
import dev.weft.rpc.RemoteMemory.Access;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Memory of this process that peers may read or write, by unguessable key, and the slabs it lies in. Thread-safe. */
public final class MemoryRegistry {
    private final ConcurrentHashMap<Long, Region> regions = new ConcurrentHashMap<>();
    private final RandomGenerator random;

    /** Held while listeners are called, so that each hears of each slab once, and of its end after its beginning. */
    private final ReentrantLock slabLock = new ReentrantLock();

    /** One may be there twice, if a user has registered it twice. */
    @GuardedBy("slabLock")
    private final List<MemorySegment> slabs = new ArrayList<>();

    @GuardedBy("slabLock")
    private final List<MemoryListener> listeners = new ArrayList<>();

    /**
     * An empty registry.
     *
     * @param random source of keys; must not be predictable in production
     */
    public MemoryRegistry(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Lets peers at {@code memory}, which must be native, until the region is revoked.
     *
     * @param onFree runs once, after revocation, when the last transfer in progress has let go of the memory
     */
    public Region register(MemorySegment memory, Access access, Runnable onFree) {
        if (!memory.isNative()) {
            throw new IllegalArgumentException("only native memory can be registered");
        }
        while (true) {
            long key = random.nextLong();
            Region region = new Region(this, key, memory, access, onFree);
            if (regions.putIfAbsent(key, region) == null) {
                return region;
            }
        }
    }

    /**
     * Holds the memory that {@code remote} names against release, for one transfer.
     *
     * @return the memory, to be given back by {@link Pin#close}, or the reason why not
     */
    public PinResult pin(RemoteMemory remote, Access access) {
        Region region = regions.get(remote.key());
        if (region == null) {
            return new PinResult.Refused("memory is not registered or was revoked");
        }
        return region.pin(remote, access);
    }

    /**
     * Holds all the memory that is registered under a key, for a peer that may use it for a while.
     *
     * @param onRevoked runs once if the owner revokes the memory before the pin is closed, on the thread that revokes or on
     *     this one; must not block. The memory is freed when the pin is closed, which should be soon then
     */
    public PinResult hold(long key, Runnable onRevoked) {
        Region region = regions.get(key);
        if (region == null) {
            return new PinResult.Refused("memory is not registered or was revoked");
        }
        return region.hold(onRevoked);
    }

    /**
     * Has {@code listener} told of all native memory that transfers are likely to use: at once, on this thread, of what there
     * is, and from then on of what comes and goes.
     *
     * @return ends it; once that has returned the listener is not called any more, not even for what is left
     */
    public Subscription listen(MemoryListener listener) {
        slabLock.lock();
        try {
            slabs.forEach(listener::added);
            listeners.add(listener);
        } finally {
            slabLock.unlock();
        }
        return () -> forget(listener);
    }

    private void forget(MemoryListener listener) {
        slabLock.lock();
        try {
            listeners.remove(listener);
        } finally {
            slabLock.unlock();
        }
    }

    /** For the owner of memory: buffers will lie in {@code slab}. */
    public void slabAdded(MemorySegment slab) {
        slabLock.lock();
        try {
            slabs.add(slab);
            listeners.forEach(listener -> listener.added(slab));
        } finally {
            slabLock.unlock();
        }
    }

    /** For the owner of memory: {@code slab} is not used any more and about to be freed. */
    public void slabFreed(MemorySegment slab) {
        slabLock.lock();
        try {
            slabs.remove(slab);
            listeners.forEach(listener -> listener.freed(slab));
        } finally {
            slabLock.unlock();
        }
    }

    /** How many regions are registered. */
    public int size() {
        return regions.size();
    }

    void remove(long key) {
        regions.remove(key);
    }

    /**
     * Hears of native memory that buffers lie in, such as a transport that has to register it with a device.
     *
     * <p>One call at a time, on the thread that needs the memory or gives it back. Must not throw: a transport that cannot
     * use a slab remembers so and refuses transfers in it. May take locks of its own, but none under which its owner acquires
     * or registers buffers, calls {@link #listen} or closes the subscription; and it must do none of these itself.
     */
    public interface MemoryListener {
        /** There is {@code slab} now; nothing is transferred from or to it before this returns. */
        void added(MemorySegment slab);

        /**
         * {@code slab} is freed as soon as this returns: nothing may touch it from then on. No grant in it is left, and no
         * transfer that asked for the memory by {@link #pin}. What a user has registered twice is added and freed twice.
         */
        void freed(MemorySegment slab);
    }

    /** Calls that go on until it is closed. */
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /** Whether a transfer may use the memory it asked for. */
    public sealed interface PinResult {
        /** The memory. */
        record Pinned(Pin pin) implements PinResult {}

        /** Why not. */
        record Refused(String reason) implements PinResult {}
    }

    /** Memory that is held for one transfer. */
    public static final class Pin implements AutoCloseable {
        private @Nullable Region region;
        private final MemorySegment memory;
        private final @Nullable Runnable onRevoked;

        Pin(Region region, MemorySegment memory, @Nullable Runnable onRevoked) {
            this.region = region;
            this.memory = memory;
            this.onRevoked = onRevoked;
        }

        public MemorySegment memory() {
            return memory;
        }

        /** What a peer may do with the memory; none after it was let go. */
        public @Nullable Access access() {
            Region held = region;
            return held == null ? null : held.access();
        }

        /** Whether the owner has revoked the memory since; a transfer in progress should stop. */
        public boolean revoked() {
            Region held = region;
            return held == null || held.revoked();
        }

        /** Lets go of the memory. */
        @Override
        public void close() {
            Region held = region;
            if (held != null) {
                region = null;
                if (onRevoked != null) {
                    held.forget(onRevoked);
                }
                held.unpin();
            }
        }
    }
}
