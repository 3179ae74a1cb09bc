package dev.weft.rpc.rdma.ffm;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.rdma.ffm.Layouts.AsyncEvent;
import dev.weft.rpc.rdma.ffm.Layouts.Qp;
import dev.weft.rpc.rdma.verbs.DeviceEvent;
import dev.weft.rpc.rdma.verbs.VerbsProvider.Subscription;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Events of one device besides completions. A thread reads them while anybody listens. */
final class AsyncEvents implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(AsyncEvents.class.getName());

    private final FfmContext context;
    private final int fd;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable Reader reader;

    AsyncEvents(FfmContext context, int fd) {
        this.context = context;
        this.fd = fd;
    }

    Subscription subscribe(Consumer<DeviceEvent> consumer) throws IOException {
        var listener = new Listener(consumer);
        lock.lock();
        try {
            if (reader == null) {
                Libc.doNotBlock(fd);
                Reader started = new Reader(Libc.eventFile());
                context.owner().thread("rdma-events-" + context.name(), started).start();
                reader = started;
            }
            listeners.add(listener);
            return listener;
        } finally {
            lock.unlock();
        }
    }

    private void unsubscribe(Listener listener) {
        lock.lock();
        try {
            listeners.remove(listener);
            if (listeners.isEmpty()) {
                stopReader();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            listeners.clear();
            stopReader();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void stopReader() {
        if (reader != null) {
            reader.stop();
            reader = null;
        }
    }

    private void deliver(DeviceEvent event) {
        for (Listener listener : listeners) {
            try {
                listener.consumer.accept(event);
            } catch (RuntimeException e) {
                LOGGER.log(System.Logger.Level.WARNING, "a listener for events of " + context.name() + " failed", e);
            }
        }
    }

    private final class Listener implements Subscription {
        private final Consumer<DeviceEvent> consumer;

        Listener(Consumer<DeviceEvent> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void close() {
            unsubscribe(this);
        }
    }

    /** Waits for the device or for the wake-up file, which it closes at its end. */
    private final class Reader implements Runnable {
        private final int wakeUp;
        private volatile boolean stopped;

        Reader(int wakeUp) {
            this.wakeUp = wakeUp;
        }

        void stop() {
            stopped = true;
            try {
                Libc.signal(wakeUp);
            } catch (IOException e) {
                LOGGER.log(System.Logger.Level.WARNING, "cannot wake the reader of " + context.name(), e);
            }
        }

        @Override
        public void run() {
            var readiness = new Readiness(fd, wakeUp);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment event = arena.allocate(AsyncEvent.SIZE, Long.BYTES);
                while (!stopped) {
                    if (readiness.await(-1) && !stopped) {
                        take(event);
                    }
                }
                Libc.close(wakeUp);
            } catch (IOException e) {
                LOGGER.log(System.Logger.Level.WARNING, "no more events of " + context.name(), e);
            }
        }

        private void take(MemorySegment event) throws IOException {
            int errno = Ibverbs.GET_ASYNC_EVENT.attempt(context.address, event.address());
            if (errno == Libc.EAGAIN || errno == Libc.EINTR) {
                return;
            }
            if (errno != 0) {
                throw new NativeException("ibv_get_async_event", errno);
            }
            DeviceEvent decoded = decode(event);
            // First, because a listener may destroy the queue pair, which waits for this.
            Ibverbs.ACK_ASYNC_EVENT.call(event.address());
            deliver(decoded);
        }
    }

    /** By {@code enum ibv_event_type}. */
    private static DeviceEvent decode(MemorySegment event) {
        long element = event.get(ValueLayout.JAVA_LONG, AsyncEvent.ELEMENT);
        int port = (int) element;
        return switch (event.get(ValueLayout.JAVA_INT, AsyncEvent.EVENT_TYPE)) {
            case 0 -> new DeviceEvent(DeviceEvent.Kind.COMPLETION_QUEUE_ERROR, 0);
            case 1, 2, 3 -> new DeviceEvent(DeviceEvent.Kind.QUEUE_PAIR_FATAL, Memory.getInt(element + Qp.QP_NUM));
            case 8 -> new DeviceEvent(DeviceEvent.Kind.DEVICE_FATAL, 0);
            case 9 -> new DeviceEvent(DeviceEvent.Kind.PORT_ACTIVE, port);
            case 10 -> new DeviceEvent(DeviceEvent.Kind.PORT_DOWN, port);
            // LID, partition keys, subnet manager, registration with it, GIDs.
            case 11, 12, 13, 17, 18 -> new DeviceEvent(DeviceEvent.Kind.PORT_CHANGED, port);
            default -> new DeviceEvent(DeviceEvent.Kind.OTHER, 0);
        };
    }
}
