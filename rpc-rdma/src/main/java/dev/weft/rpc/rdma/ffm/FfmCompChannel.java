package dev.weft.rpc.rdma.ffm;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.ibm.disni.verbs.IbvCompChannel;
import dev.weft.rpc.rdma.ffm.Layouts.CompChannel;
import dev.weft.rpc.rdma.verbs.Owned;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A completion channel: a file that can be read when an armed queue has had a completion. */
final class FfmCompChannel extends IbvCompChannel implements Owned {
    final long address;

    private final FfmContext ffmContext;
    private final WakeUp wakeUp = new WakeUp();
    private final Readiness readiness;
    private final ReentrantLock lock = new ReentrantLock();

    /** Each at the index that the library has as its context; null where one was. */
    @GuardedBy("lock")
    private final List<@Nullable FfmCq> queues = new ArrayList<>();

    @GuardedBy("lock")
    private boolean destroyed;

    /** Where the library puts queue and context of an event; of two pointers. */
    @GuardedBy("lock")
    private final MemorySegment taken = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, 2);

    private FfmCompChannel(FfmContext context, long address, int fd) throws IOException {
        super(fd, context);
        this.address = address;
        ffmContext = context;
        readiness = new Readiness(fd, wakeUp.fd());
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

    /** The context for {@code queue}, by which it is found again. */
    int add(FfmCq queue) {
        lock.lock();
        try {
            int free = queues.indexOf(null);
            if (free >= 0) {
                queues.set(free, queue);
                return free;
            }
            queues.add(queue);
            return queues.size() - 1;
        } finally {
            lock.unlock();
        }
    }

    void remove(FfmCq queue) throws IOException {
        lock.lock();
        try {
            queues.set(queues.indexOf(queue), null);
            destroyIfUnused();
        } finally {
            lock.unlock();
        }
    }

    /** Has a thread that waits for an event return without one. */
    void wake() throws IOException {
        wakeUp.signal();
    }

    /** Waits for an event of any queue of this channel and takes it; false after {@code timeoutMillis}, or if woken. */
    boolean takeEvent(int timeoutMillis) throws IOException {
        long started = System.nanoTime();
        int remaining = timeoutMillis;
        while (isOpen()) {
            if (readiness.await(remaining)) {
                if (take()) {
                    return true;
                }
                if (wakeUp.take()) {
                    return false;
                }
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
        lock.lock();
        try {
            long queue = taken.address();
            long context = queue + Long.BYTES;
            // The second call is slower, and says why it fails.
            int errno = HotCalls.getCqEvent(address, queue, context) == 0
                    ? 0
                    : Ibverbs.GET_CQ_EVENT.attempt(address, queue, context);
            if (errno == Libc.EAGAIN || errno == Libc.EINTR) {
                return false;
            }
            if (errno != 0) {
                throw new NativeException("ibv_get_cq_event", errno);
            }
            FfmCq armed = queues.get((int) taken.get(ValueLayout.JAVA_LONG, Long.BYTES));
            if (armed != null) {
                armed.eventTaken();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** With the last queue that uses it, if there is one: DiSNI's own applications destroy the channel first. */
    void destroy() throws IOException {
        lock.lock();
        try {
            close();
            destroyIfUnused();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void destroyIfUnused() throws IOException {
        if (!destroyed && !isOpen() && queues.stream().allMatch(Objects::isNull)) {
            destroyed = true;
            wakeUp.close();
            Ibverbs.DESTROY_COMP_CHANNEL.call(address);
        }
    }
}
