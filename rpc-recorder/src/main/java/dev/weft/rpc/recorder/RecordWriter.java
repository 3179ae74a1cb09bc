package dev.weft.rpc.recorder;

import dev.weft.rpc.Clock;
import dev.weft.rpc.Environment;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Takes records as they are packed and writes them to files, on a thread of its own. When that fails it says so once, throws away what
 * comes, and tries again after a while.
 */
final class RecordWriter {
    private static final System.Logger LOG = System.getLogger(RecordWriter.class.getName());

    private final RecorderConfig config;
    private final Clock clock;
    private final Lanes lanes;
    private final long session;
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

    /** After which the time of day is read again: it is set now and then, and each time moves all calls that follow a little. */
    private static final long ANCHOR_NANOS = 60_000_000_000L;

    // Used by the thread only.
    private long anchorNanos;
    private Instant anchorWall;
    private @Nullable QueueFiles files;
    private long retryNanos;

    RecordWriter(RecorderConfig config, Environment environment, Lanes lanes) {
        this.config = config;
        this.clock = environment.clock();
        this.lanes = lanes;
        this.anchorNanos = clock.nanoTime();
        this.anchorWall = clock.instant();
        this.session = environment.random().nextLong();
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
        return lanes.dropped() + lost.get();
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
            lanes.take(this::write);
            clock.parkUntil(this, clock.nanoTime() + pause);
        }
        lanes.take(this::write);
        closeFiles();
    }

    /** Writes a batch, or loses it. */
    private void write(Batch batch) {
        try {
            QueueFiles open = openFiles();
            if (open != null) {
                if (clock.nanoTime() - anchorNanos > ANCHOR_NANOS) {
                    anchorNanos = clock.nanoTime();
                    anchorWall = clock.instant();
                }
                open.append(batch.end(session, anchorNanos, anchorWall, dropped()));
                recorded.addAndGet(batch.calls());
                if (!problem.isEmpty()) {
                    LOG.log(Level.INFO, "calls are recorded again in {0}", config.folder());
                    problem = "";
                }
                return;
            }
        } catch (Throwable e) { // a disk that fails under mapped memory is an InternalError
            failed(e);
        }
        lost.addAndGet(batch.calls());
    }

    /** Null until it is time to try again. */
    private @Nullable QueueFiles openFiles() throws IOException {
        if (files == null && clock.nanoTime() - retryNanos >= 0) {
            files = new QueueFiles(config, clock);
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
