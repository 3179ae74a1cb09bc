package dev.weft.rpc.rdma;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.Clock;
import dev.weft.rpc.Clock.Timer;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.MemoryRegistry;
import dev.weft.rpc.spi.MemoryRegistry.Pin;
import dev.weft.rpc.spi.MemoryRegistry.PinResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Memory of this process that the peer of one connection has opened; each is held until the peer has let go. */
final class GrantedMemory {
    private static final int GRANTS_MAX = 65_536;

    private final RdmaConnection connection;
    private final MemoryRegistry registry;
    private final Clock clock;
    private final Duration revokeTimeout;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final LongTable<Held> byKey = new LongTable<>();

    @GuardedBy("lock")
    private boolean ended;

    private static final class Held {
        final Pin pin;

        /** How often the peer has asked for it. */
        int opens;

        /** Runs out if the peer does not let go of what was revoked. */
        @Nullable
        Timer patience;

        Held(Pin pin) {
            this.pin = pin;
        }
    }

    GrantedMemory(RdmaConnection connection, MemoryRegistry registry, Clock clock, Duration revokeTimeout) {
        this.connection = connection;
        this.registry = registry;
        this.clock = clock;
        this.revokeTimeout = revokeTimeout;
    }

    /** The peer asks what a key stands for. On the poller's thread. */
    void open(long key) {
        connection.control(answer(key));
    }

    private byte[] answer(long key) {
        Pin pin;
        lock.lock();
        try {
            if (ended || byKey.size() >= GRANTS_MAX) {
                return ControlFrame.refuseGrant(
                        key, StatusCode.RESOURCE_EXHAUSTED.wireValue(), GRANTS_MAX + " grants are open");
            }
            Held held = byKey.get(key);
            if (held == null) {
                switch (registry.hold(key, () -> revoked(key))) {
                    case PinResult.Refused(String reason) -> {
                        return ControlFrame.refuseGrant(key, StatusCode.REMOTE_MEMORY_REFUSED.wireValue(), reason);
                    }
                    case PinResult.Pinned(Pin taken) -> {
                        if (taken.revoked()) {
                            taken.close();
                            return ControlFrame.refuseGrant(
                                    key, StatusCode.REMOTE_MEMORY_REFUSED.wireValue(), "memory was revoked");
                        }
                        held = new Held(taken);
                        byKey.put(key, held);
                    }
                }
            }
            pin = held.pin;
            if (pin.revoked()) {
                return ControlFrame.refuseGrant(
                        key, StatusCode.REMOTE_MEMORY_REFUSED.wireValue(), "memory was revoked");
            }
            held.opens++;
        } finally {
            lock.unlock();
        }
        var access = pin.access();
        MemoryKeys keys = access == null ? null : connection.keysOf(pin.memory());
        if (access == null || keys == null) {
            released(key, 1);
            return ControlFrame.refuseGrant(
                    key, StatusCode.REMOTE_MEMORY_REFUSED.wireValue(), "memory is not registered with a device");
        }
        return ControlFrame.grant(key, pin.memory().address(), pin.memory().byteSize(), access, keys);
    }

    /**
     * The owner has revoked memory that the peer has open: it is asked to let go. On the owner's thread, so that the peer
     * hears of it before anything that the owner sends afterwards.
     */
    private void revoked(long key) {
        lock.lock();
        try {
            Held held = byKey.get(key);
            if (held == null) {
                return;
            }
            held.patience = clock.schedule(
                    clock.nanoTime() + revokeTimeout.toNanos(),
                    () -> connection.close("the peer does not let go of memory that was revoked"));
        } finally {
            lock.unlock();
        }
        connection.counters().grantsRevoked.increment();
        connection.control(ControlFrame.plain(ControlFrame.REVOKE, key));
    }

    /** The peer does not use memory any more. */
    void released(long key, int opens) {
        Held held;
        lock.lock();
        try {
            held = byKey.get(key);
            if (held == null) {
                return;
            }
            held.opens = opens == ControlFrame.ALL ? 0 : held.opens - opens;
            if (held.opens > 0) {
                return;
            }
            byKey.remove(key, held);
            if (held.patience != null) {
                held.patience.cancel();
            }
        } finally {
            lock.unlock();
        }
        held.pin.close();
    }

    /** The connection has ended and its queue pairs are gone: the peer cannot reach anything any more. */
    void end() {
        List<Held> all = new ArrayList<>();
        lock.lock();
        try {
            ended = true;
            byKey.forEach(all::add);
            byKey.clear();
        } finally {
            lock.unlock();
        }
        for (Held held : all) {
            if (held.patience != null) {
                held.patience.cancel();
            }
            held.pin.close();
        }
    }
}
