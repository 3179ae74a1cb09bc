package dev.weft.storage.io;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads files past the page cache by one io_uring.
 *
 * <p>Any thread hands over a batch of reads and parks; one platform thread, {@code weft-ring}, submits what has come since it
 * looked last with one system call, and unparks those whose reads have ended. It sleeps in the kernel when there is nothing
 * to do, where a batch wakes it through an eventfd.
 */
public final class RingReader implements AutoCloseable {
    /** Positions, lengths and addresses of reads are multiples of this. */
    public static final int ALIGNMENT = 4096;

    /** Reads that the kernel works on at a time; more than a device can do at once. */
    private static final int ENTRIES = 256;

    private static final int FILES_MAX = 64;

    /** Tag of the read of the eventfd; the others are indexes. */
    private static final long WAKE = -1;

    private final Queue<Batch> queue = new ConcurrentLinkedQueue<>();
    private final Queue<Registration> registrations = new ConcurrentLinkedQueue<>();
    private final int eventfd;
    private final Thread thread;

    /** Set by the thread before it sleeps; who clears it wakes it. */
    private final AtomicBoolean sleeping = new AtomicBoolean();

    private volatile boolean closing;

    /** Why the thread has ended; written before {@link #ended}. */
    private @Nullable IOException failure;

    private volatile boolean ended;

    private RingReader(int eventfd, CountDownLatch started) {
        this.eventfd = eventfd;
        this.thread = Thread.ofPlatform().name("weft-ring").daemon().unstarted(() -> new Loop(started).run());
    }

    /**
     * Makes a ring and its thread.
     *
     * @throws IOException if the kernel has no io_uring, or does not let us use it
     */
    public static RingReader open() throws IOException {
        CountDownLatch started = new CountDownLatch(1);
        RingReader reader = new RingReader(Libc.eventfd(), started);
        reader.thread.start();
        try {
            started.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reader.close();
            throw new IOException("interrupted while io_uring was set up", e);
        }
        if (reader.ended) {
            reader.close();
            throw reader.failed();
        }
        return reader;
    }

    private IOException failed() {
        IOException cause = failure;
        return cause == null ? new IOException("the reader is closed") : new IOException(cause.getMessage(), cause);
    }

    /** Opens a file that exists; returns its number. It stays open as long as the reader. */
    public int addFile(Path file) throws IOException {
        int fd = Libc.open(file, Libc.O_RDONLY | Libc.O_DIRECT);
        Registration registration = new Registration(fd, Thread.currentThread());
        registrations.add(registration);
        wake();
        await(registration);
        return registration.index;
    }

    /**
     * Carries out all reads; returns when each has ended, however often the caller is interrupted.
     *
     * @throws IOException if one of them failed
     */
    public void read(List<Read> reads) throws IOException {
        Batch batch = new Batch(reads, Thread.currentThread());
        queue.add(batch);
        wake();
        await(batch);
    }

    private void wake() throws IOException {
        if (sleeping.compareAndSet(true, false)) {
            Libc.signal(eventfd);
        }
    }

    private void await(Task task) throws IOException {
        boolean interrupted = false;
        while (!task.done) {
            if (ended) {
                throw failed();
            }
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        IOException failed = task.failure;
        if (failed != null) {
            throw new IOException(failed.getMessage(), failed);
        }
    }

    @Override
    public void close() throws IOException {
        closing = true;
        sleeping.set(false);
        Libc.signal(eventfd);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Libc.close(eventfd);
    }

    /**
     * A read of a file into native memory.
     *
     * @param file its number
     */
    public record Read(int file, long position, MemorySegment into) {
        public Read {
            if (position % ALIGNMENT != 0
                    || into.byteSize() % ALIGNMENT != 0
                    || !into.isNative()
                    || into.address() % ALIGNMENT != 0
                    || into.byteSize() > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(into.byteSize() + " bytes at " + position + " into " + into
                        + " are not aligned to " + ALIGNMENT);
            }
        }
    }

    /** Something that a thread waits for. Fields are written by the ring's thread, before {@link #done}. */
    private abstract static class Task {
        final Thread waiter;

        @Nullable
        IOException failure;

        volatile boolean done;

        Task(Thread waiter) {
            this.waiter = waiter;
        }

        final void end() {
            done = true;
            LockSupport.unpark(waiter);
        }
    }

    private static final class Registration extends Task {
        final int fd;
        int index;

        Registration(int fd, Thread waiter) {
            super(waiter);
            this.fd = fd;
        }
    }

    private static final class Batch extends Task {
        final List<Read> reads;

        /** Reads that were given to the kernel. */
        int begun;

        int left;

        Batch(List<Read> reads, Thread waiter) {
            super(waiter);
            this.reads = reads;
            this.left = reads.size();
        }
    }

    /** What the ring's thread does and owns. */
    private final class Loop {
        private final CountDownLatch started;
        private final Flight[] flights = new Flight[ENTRIES];
        private final int[] free = new int[ENTRIES];
        private final List<Integer> files = new ArrayList<>();
        private int freeCount;

        /** The batch of which not all reads have begun. */
        private @Nullable Batch current;

        Loop(CountDownLatch started) {
            this.started = started;
            for (int i = 0; i < ENTRIES; i++) {
                flights[i] = new Flight();
                free[freeCount++] = i;
            }
        }

        void run() {
            try (Arena arena = Arena.ofConfined();
                    Ring ring = new Ring(2 * ENTRIES)) {
                MemorySegment counter = arena.allocate(Long.BYTES, Long.BYTES);
                ring.registerFiles(FILES_MAX);
                ring.readUnregistered(eventfd, counter, WAKE);
                started.countDown();
                while (!closing || freeCount < ENTRIES) {
                    register(ring);
                    begin(ring);
                    boolean idle = current == null && queue.isEmpty();
                    if (idle) {
                        sleeping.set(true);
                        // Who came before that saw nobody asleep.
                        idle = queue.isEmpty() && registrations.isEmpty() && !closing;
                    }
                    // With all flights taken only a completion helps, and otherwise there may be more to begin.
                    ring.enter(idle || freeCount == 0 ? 1 : 0);
                    sleeping.set(false);
                    ring.reap((tag, result) -> {
                        if (tag == WAKE) {
                            ring.readUnregistered(eventfd, counter, WAKE);
                        } else {
                            ended(ring, (int) tag, result);
                        }
                    });
                }
            } catch (IOException e) {
                failure = e;
            } finally {
                closeFiles();
                ended = true;
                started.countDown();
                wakeAll();
            }
        }

        private void register(Ring ring) {
            for (Registration next = registrations.poll(); next != null; next = registrations.poll()) {
                next.index = files.size();
                files.add(next.fd);
                try {
                    ring.setFile(next.index, next.fd);
                } catch (ErrnoException e) {
                    next.failure = e;
                }
                next.end();
            }
        }

        private void begin(Ring ring) {
            while (freeCount > 0) {
                Batch batch = current;
                if (batch == null) {
                    batch = queue.poll();
                    if (batch == null) {
                        return;
                    }
                    current = batch;
                }
                if (batch.begun == batch.reads.size()) {
                    current = null;
                    if (batch.left == 0) {
                        batch.end();
                    }
                    continue;
                }
                Read read = batch.reads.get(batch.begun++);
                int index = free[--freeCount];
                flights[index].begin(batch, read);
                submit(ring, index);
            }
        }

        private void submit(Ring ring, int index) {
            Flight flight = flights[index];
            Read read = flight.read();
            ring.read(
                    read.file,
                    read.into.address() + flight.done,
                    (int) read.into.byteSize() - flight.done,
                    read.position + flight.done,
                    index);
        }

        private void ended(Ring ring, int index, int result) {
            Flight flight = flights[index];
            Batch batch = flight.batch();
            Read read = flight.read();
            if (result == -Libc.EINTR || result == -Libc.EAGAIN) {
                submit(ring, index);
                return;
            }
            if (result > 0 && flight.done + result < read.into.byteSize() && result % ALIGNMENT == 0) {
                flight.done += result;
                submit(ring, index);
                return;
            }
            if (result < 0) {
                batch.failure =
                        new ErrnoException("read of " + read.into.byteSize() + " bytes at " + read.position, -result);
            } else if (flight.done + result < read.into.byteSize()) {
                batch.failure = new EOFException("a file ends before " + (read.position + read.into.byteSize()));
            }
            flight.clear();
            free[freeCount++] = index;
            batch.left--;
            if (batch.left == 0 && batch.begun == batch.reads.size()) {
                if (current == batch) {
                    current = null;
                }
                batch.end();
            }
        }

        private void closeFiles() {
            for (int file : files) {
                try {
                    Libc.close(file);
                } catch (ErrnoException e) {
                    failure = e;
                }
            }
        }

        /** Nobody is to wait for a thread that has ended. */
        private void wakeAll() {
            for (Flight flight : flights) {
                if (flight.batch != null) {
                    LockSupport.unpark(flight.batch.waiter);
                }
            }
            if (current != null) {
                LockSupport.unpark(current.waiter);
            }
            queue.forEach(batch -> LockSupport.unpark(batch.waiter));
            registrations.forEach(registration -> LockSupport.unpark(registration.waiter));
        }
    }

    /** A read that the kernel works on. */
    private static final class Flight {
        private @Nullable Batch batch;
        private @Nullable Read read;

        /** Bytes that are there already. */
        int done;

        void begin(Batch newBatch, Read newRead) {
            batch = newBatch;
            read = newRead;
            done = 0;
        }

        void clear() {
            batch = null;
            read = null;
        }

        Batch batch() {
            return Objects.requireNonNull(batch);
        }

        Read read() {
            return Objects.requireNonNull(read);
        }
    }
}
