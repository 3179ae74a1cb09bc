package dev.weft.rpc.recorder;

import dev.weft.rpc.Clock;
import dev.weft.rpc.Environment;
import dev.weft.rpc.spi.CallRecord;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Takes records out of a ring and writes them to files, on a thread of its own. When that fails it says so once, throws away what
 * comes, and tries again after a while.
 */
final class RecordWriter {
    private static final System.Logger LOG = System.getLogger(RecordWriter.class.getName());

    private final RecorderConfig config;
    private final Clock clock;
    private final CallRing ring;
    private final BatchWriter batches;
    private final Thread thread;

    /** At zero when the files are open, or cannot be. */
    private final CountDownLatch opened = new CountDownLatch(1);

    /** Why the files could not be opened at first. */
    private volatile @Nullable Throwable unopened;

    private volatile boolean stopping;

    // Written by the thread.
    private final AtomicLong recorded = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private volatile String problem = "";

    // Used by the thread only.
    private @Nullable QueueFiles files;
    private long retryNanos;

    RecordWriter(RecorderConfig config, Environment environment, CallRing ring) {
        this.config = config;
        this.clock = environment.clock();
        this.ring = ring;
        this.batches = new BatchWriter(environment.random().nextLong());
        this.thread = Thread.ofPlatform().name("weft-recorder").daemon().unstarted(this::run);
    }

    /** @throws IOException if the files cannot be opened; then there is no thread */
    void start() throws IOException {
        thread.start();
        try {
            opened.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
            throw new InterruptedIOException("interrupted before anything could be recorded");
        }
        Throwable why = unopened;
        if (why != null) {
            throw new IOException("cannot record in " + config.folder() + ": " + why.getMessage(), why);
        }
    }

    /** Returns when all is written and the files are closed. */
    void stop() {
        stopping = true;
        LockSupport.unpark(thread);
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
    }

    long recorded() {
        return recorded.get();
    }

    long dropped() {
        return ring.dropped() + lost.get();
    }

    String problem() {
        return problem;
    }

    private void run() {
        try {
            files = new QueueFiles(config, clock);
        } catch (Throwable e) { // its makers throw errors of every kind when a file cannot be mapped
            unopened = e;
            return;
        } finally {
            opened.countDown();
        }
        long pause = config.flushInterval().toNanos();
        while (!stopping) {
            drain();
            if (ring.size() < ring.capacity() / 4) {
                clock.parkUntil(this, clock.nanoTime() + pause);
            }
        }
        drain();
        closeFiles();
    }

    /** Writes what there is; at most what there was when it began, and a little more. */
    private void drain() {
        for (long left = ring.capacity(); left > 0; ) {
            long taken = writeBatch();
            if (taken == 0) {
                return;
            }
            left -= taken;
        }
    }

    /** Writes one batch, or loses it. Returns how many calls it had. */
    private long writeBatch() {
        CallRecord first = ring.oldest();
        if (first == null) {
            return 0;
        }
        long calls = 0;
        try {
            QueueFiles open = openFiles();
            if (open != null && open.nextIsFirst()) {
                batches.beginFile();
            }
            batches.begin();
            for (CallRecord call = first; call != null; call = batches.hasRoom() ? ring.oldest() : null) {
                ring.taken();
                batches.add(call);
                calls++;
            }
            if (open == null) {
                lost.addAndGet(calls);
                return calls;
            }
            ByteBuffer batch = batches.end(clock.nanoTime(), clock.instant(), dropped());
            open.append(batch);
            recorded.addAndGet(calls);
            if (!problem.isEmpty()) {
                LOG.log(Level.INFO, "calls are recorded again in {0}", config.folder());
                problem = "";
            }
        } catch (Throwable e) { // a disk that fails under mapped memory is an InternalError
            lost.addAndGet(calls);
            failed(e);
        }
        return Math.max(calls, 1);
    }

    /** Null until it is time to try again. */
    private @Nullable QueueFiles openFiles() throws IOException {
        if (files == null && clock.nanoTime() - retryNanos >= 0) {
            files = new QueueFiles(config, clock);
            batches.beginFile();
        }
        return files;
    }

    private void failed(Throwable why) {
        closeFiles();
        retryNanos = clock.nanoTime() + config.retryInterval().toNanos();
        if (problem.isEmpty()) {
            LOG.log(Level.WARNING, "calls are not recorded in " + config.folder() + ": " + why.getMessage());
        }
        problem = String.valueOf(why.getMessage());
    }

    private void closeFiles() {
        QueueFiles open = files;
        files = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (Throwable e) { // as above
            LOG.log(Level.DEBUG, "cannot close the records", e);
        }
    }
}
