package dev.weft.rpc.spi;

import dev.weft.rpc.RemoteMemory;
import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.spi.MemoryRegistry.Pin;
import dev.weft.rpc.spi.MemoryRegistry.PinResult;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** One registration of memory. Thread-safe. */
public final class Region {
    private static final int REVOKED = 1 << 30;

    private final MemoryRegistry registry;
    private final long key;
    private final MemorySegment memory;
    private final Access access;
    private final Runnable onFree;

    /** Count of pins, plus {@link #REVOKED}. */
    private final AtomicInteger state = new AtomicInteger();

    /** What runs when the memory is revoked. */
    private final CopyOnWriteArrayList<Runnable> watchers = new CopyOnWriteArrayList<>();

    Region(MemoryRegistry registry, long key, MemorySegment memory, Access access, Runnable onFree) {
        this.registry = registry;
        this.key = key;
        this.memory = memory;
        this.access = access;
        this.onFree = onFree;
    }

    /** The name under which a peer may use the memory. */
    public RemoteMemory remote() {
        return new RemoteMemory(key, 0, memory.byteSize(), access);
    }

    /** No transfer begins from now on. What is in progress ends at its next piece; then {@code onFree} runs. */
    public void revoke() {
        int before = state.getAndUpdate(s -> s | REVOKED);
        if ((before & REVOKED) == 0) {
            registry.remove(key);
            watchers.forEach(this::tell);
            if (before == 0) {
                onFree.run();
            }
        }
    }

    /** What a peer may do with the memory. */
    public Access access() {
        return access;
    }

    boolean revoked() {
        return (state.get() & REVOKED) != 0;
    }

    PinResult pin(RemoteMemory remote, Access wanted) {
        if (wanted == Access.READ ? !access.readable() : !access.writable()) {
            return new PinResult.Refused(wanted + " of memory that is registered for " + access);
        }
        long size = memory.byteSize();
        if (remote.address() < 0 || remote.address() > size || remote.length() > size - remote.address()) {
            return new PinResult.Refused(
                    remote.length() + " bytes at " + remote.address() + " of memory of " + size + " bytes");
        }
        return pin()
                ? new PinResult.Pinned(new Pin(this, memory.asSlice(remote.address(), remote.length()), null))
                : new PinResult.Refused("memory was revoked");
    }

    PinResult hold(Runnable onRevoked) {
        if (!pin()) {
            return new PinResult.Refused("memory was revoked");
        }
        watchers.add(onRevoked);
        if (revoked()) {
            tell(onRevoked);
        }
        return new PinResult.Pinned(new Pin(this, memory, onRevoked));
    }

    private boolean pin() {
        while (true) {
            int s = state.get();
            if ((s & REVOKED) != 0) {
                return false;
            }
            if (state.compareAndSet(s, s + 1)) {
                return true;
            }
        }
    }

    /** Runs a watcher unless it ran already or is not wanted any more. */
    private void tell(Runnable watcher) {
        if (watchers.remove(watcher)) {
            watcher.run();
        }
    }

    void forget(Runnable watcher) {
        watchers.remove(watcher);
    }

    void unpin() {
        if (state.decrementAndGet() == REVOKED) {
            onFree.run();
        }
    }
}
