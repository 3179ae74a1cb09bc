package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.IbvCompChannel;
import dev.weft.rpc.rdma.ffm.Layouts.CompChannel;
import dev.weft.rpc.rdma.verbs.Owned;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** A completion channel: a file that can be read when an armed queue has had a completion. */
final class FfmCompChannel extends IbvCompChannel implements Owned {
    final long address;

    private final FfmContext ffmContext;
    private final Readiness readiness;
    private final Map<Long, FfmCq> queues = new ConcurrentHashMap<>();
    private final ReentrantLock taking = new ReentrantLock();

    /** Where the library puts queue and context of an event; used under {@link #taking}. */
    private final MemorySegment taken = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, 2);

    private final MemorySegment captured = Arena.ofAuto().allocate(Errno.LAYOUT);

    private FfmCompChannel(FfmContext context, long address, int fd) throws IOException {
        super(fd, context);
        this.address = address;
        ffmContext = context;
        readiness = new Readiness(fd);
    }

    static FfmCompChannel create(FfmContext context) throws IOException {
        long address = Ibverbs.CREATE_COMP_CHANNEL.pointer(context.address);
        int fd = Memory.getInt(address + CompChannel.FD);
        Libc.doNotBlock(fd);
        return new FfmCompChannel(context, address, fd);
    }

    @Override
    public FfmVerbsProvider owner() {
        return ffmContext.owner();
    }

    void add(FfmCq queue) {
        queues.put(queue.address, queue);
    }

    void remove(FfmCq queue) {
        queues.remove(queue.address, queue);
    }

    /** Waits for an event of any queue of this channel and takes it; false after {@code timeoutMillis}. */
    boolean takeEvent(int timeoutMillis) throws IOException {
        long started = System.nanoTime();
        int remaining = timeoutMillis;
        while (isOpen()) {
            boolean ready = readiness.await(remaining);
            if (ready && take()) {
                return true;
            }
            remaining = Readiness.remaining(started, timeoutMillis);
            if (remaining == 0) {
                return false;
            }
        }
        throw new IOException("the completion channel is closed");
    }

    /** False if another thread was faster. */
    private boolean take() throws IOException {
        taking.lock();
        try {
            if (HotCalls.getCqEvent(captured, address, taken.address(), taken.address() + Long.BYTES) == 0) {
                FfmCq queue = queues.get(taken.get(ValueLayout.JAVA_LONG, 0));
                if (queue != null) {
                    queue.eventTaken();
                }
                return true;
            }
            int errno = Errno.get(captured);
            if (errno == Libc.EAGAIN || errno == Libc.EINTR) {
                return false;
            }
            throw new NativeException("ibv_get_cq_event", errno);
        } finally {
            taking.unlock();
        }
    }

    void destroy() throws IOException {
        if (isOpen()) {
            Ibverbs.DESTROY_COMP_CHANNEL.call(address);
            close();
        }
    }
}
