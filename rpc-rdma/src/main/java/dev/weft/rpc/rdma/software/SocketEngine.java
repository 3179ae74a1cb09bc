package dev.weft.rpc.rdma.software;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The thread that does all input and output of a provider between processes. Its methods are for any thread. */
final class SocketEngine implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(SocketEngine.class.getName());

    /** What a channel that is ready is for; on the engine's thread. */
    interface Attachment {
        void ready(SelectionKey key);

        void closeNow();
    }

    private final Selector selector;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    private volatile boolean closed;

    SocketEngine(SoftwareFabric fabric) {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        fabric.thread("rdma-software", this::run).start();
    }

    /** Runs a task on the engine's thread, soon. */
    void execute(Runnable task) {
        lock.lock();
        try {
            tasks.add(task);
        } finally {
            lock.unlock();
        }
        selector.wakeup();
    }

    SelectionKey register(SelectableChannel channel, int operations, Attachment attachment) throws IOException {
        channel.configureBlocking(false);
        SelectionKey key = channel.register(selector, operations, attachment);
        selector.wakeup(); // it looks at new keys only when it begins to select
        return key;
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(SocketEngine::dispatch);
                runTasks();
            }
        } catch (IOException e) {
            LOGGER.log(Logger.Level.ERROR, "RDMA between processes has stopped", e);
        } finally {
            closeAll(selector.keys());
        }
    }

    private static void dispatch(SelectionKey key) {
        if (key.attachment() instanceof Attachment attachment) {
            attachment.ready(key);
        }
    }

    private void runTasks() {
        Runnable task = nextTask();
        while (task != null) {
            task.run();
            task = nextTask();
        }
    }

    private @Nullable Runnable nextTask() {
        lock.lock();
        try {
            return tasks.poll();
        } finally {
            lock.unlock();
        }
    }

    private void closeAll(Set<SelectionKey> keys) {
        for (SelectionKey key : Set.copyOf(keys)) {
            if (key.attachment() instanceof Attachment attachment) {
                attachment.closeNow();
            }
        }
        try {
            selector.close();
        } catch (IOException e) {
            LOGGER.log(Logger.Level.DEBUG, "closing the selector", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }
}
