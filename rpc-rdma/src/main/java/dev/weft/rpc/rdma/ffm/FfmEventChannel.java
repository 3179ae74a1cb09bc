package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.RdmaEventChannel;
import dev.weft.rpc.rdma.ffm.Layouts.EventChannel;
import dev.weft.rpc.rdma.verbs.Owned;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Where the connection manager reports. */
final class FfmEventChannel extends RdmaEventChannel implements Owned {
    final long address;

    private final FfmVerbsProvider owner;
    private final WakeUp wakeUp = new WakeUp();
    private final Readiness readiness;

    private FfmEventChannel(FfmVerbsProvider owner, long address, int fd) throws IOException {
        super(fd);
        this.owner = owner;
        this.address = address;
        readiness = new Readiness(fd, wakeUp.fd());
    }

    static FfmEventChannel create(FfmVerbsProvider owner) throws IOException {
        long address = Rdmacm.CREATE_EVENT_CHANNEL.pointer();
        int fd = Memory.getInt(address + EventChannel.FD);
        Libc.doNotBlock(fd);
        return new FfmEventChannel(owner, address, fd);
    }

    @Override
    public FfmVerbsProvider owner() {
        return owner;
    }

    /** Has a thread that waits for an event return without one. */
    void wake() throws IOException {
        wakeUp.signal();
    }

    /** Address of the next event; 0 if there was none for {@code timeoutMillis}, or if woken. */
    long takeEvent(int timeoutMillis) throws IOException {
        long started = System.nanoTime();
        int remaining = timeoutMillis;
        while (isOpen()) {
            boolean ready = readiness.await(remaining);
            long event = ready ? take() : 0;
            remaining = Readiness.remaining(started, timeoutMillis);
            if (event != 0 || remaining == 0 || (ready && wakeUp.take())) {
                return event;
            }
        }
        throw new IOException("the event channel is closed");
    }

    private long take() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(ValueLayout.JAVA_LONG);
            int errno = Rdmacm.GET_CM_EVENT.attempt(address, event.address());
            return switch (errno) {
                case 0 -> event.get(ValueLayout.JAVA_LONG, 0);
                // Another thread was faster, or the event was one that the library keeps to itself.
                case Libc.EAGAIN, Libc.EINTR -> 0;
                default -> throw new NativeException("rdma_get_cm_event", errno);
            };
        }
    }

    void destroy() throws IOException {
        if (isOpen()) {
            close();
            wakeUp.close();
            Rdmacm.DESTROY_EVENT_CHANNEL.call(address);
        }
    }
}
