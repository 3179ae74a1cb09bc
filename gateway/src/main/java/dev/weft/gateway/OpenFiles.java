package dev.weft.gateway;

import dev.weft.gateway.generated.Fault;
import dev.weft.gateway.generated.FaultKind;
import dev.weft.rpc.Clock;
import dev.weft.rpc.Environment;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The files that are being written, by handle. A caller that never comes back loses its own after a while. Thread-safe. */
final class OpenFiles implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.weft.gateway");

    /** Each holds a chunk's worth of memory. */
    static final int OPEN_MAX = 256;

    /** Long enough for a caller that reads from a slow source, too short for handles to pile up. */
    static final Duration IDLE_MAX = Duration.ofMinutes(5);

    private static final Duration LOOK = Duration.ofSeconds(30);

    private final Environment environment;
    private final ConcurrentHashMap<Long, OpenFile> files = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean closed;

    OpenFiles(Environment environment) {
        this.environment = environment;
        scheduleLook();
    }

    interface Opening {
        Appending open(String path) throws IOException;
    }

    /** Opens a file; returns its handle, which cannot be guessed. */
    long add(String path, Opening opening) throws IOException, Fault {
        if (count.incrementAndGet() > OPEN_MAX) {
            count.decrementAndGet();
            throw new Fault(FaultKind.TOO_MANY, OPEN_MAX + " files are being written already");
        }
        try {
            OpenFile file = OpenFile.open(path, opening, environment);
            while (true) {
                long handle = environment.random().nextLong();
                if (files.putIfAbsent(handle, file) == null) {
                    return handle;
                }
            }
        } catch (IOException | RuntimeException e) {
            count.decrementAndGet();
            throw e;
        }
    }

    OpenFile get(long handle) throws Fault {
        OpenFile file = files.get(handle);
        if (file == null) {
            throw unknown();
        }
        return file;
    }

    /** The file of a handle that is of no use from now on. */
    OpenFile remove(long handle) throws Fault {
        OpenFile file = files.remove(handle);
        if (file == null) {
            throw unknown();
        }
        count.decrementAndGet();
        return file;
    }

    private static Fault unknown() {
        return new Fault(FaultKind.NO_HANDLE, "the handle is not of a file that is being written");
    }

    private void scheduleLook() {
        Clock clock = environment.clock();
        clock.schedule(clock.nanoTime() + LOOK.toNanos(), () -> {
            if (!closed) {
                environment.threads().newThread(this::closeIdle).start();
                scheduleLook();
            }
        });
    }

    private void closeIdle() {
        long now = environment.clock().nanoTime();
        files.forEach((handle, file) -> {
            if (now - file.usedNanos() > IDLE_MAX.toNanos() && files.remove(handle, file)) {
                count.decrementAndGet();
                close(file, "was not written to for " + IDLE_MAX.toMinutes() + " minutes");
            }
        });
    }

    private static void close(OpenFile file, String why) {
        LOG.log(Level.INFO, () -> file.path() + " is closed: it " + why);
        try {
            file.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, () -> "closing " + file.path() + ": " + e.getMessage());
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Long handle : List.copyOf(files.keySet())) {
            OpenFile file = files.remove(handle);
            if (file != null) {
                close(file, "was being written when the gateway ended");
            }
        }
    }
}
