package dev.weft.cli;

import dev.weft.rpc.Clock;
import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** A line on the terminal that shows how far a transfer is; nothing where there is no terminal. Thread-safe. */
final class Progress implements AutoCloseable {
    private static final long REDRAW_NANOS = 100_000_000;
    private static final int BAR = 30;

    private final PrintStream terminal;
    private final boolean shown;
    private final String label;
    private final long total;
    private final Clock clock;
    private final long startNanos;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong drawnAt = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();

    private Progress(PrintStream terminal, boolean shown, String label, long total, Clock clock) {
        this.terminal = terminal;
        this.shown = shown;
        this.label = label;
        this.total = total;
        this.clock = clock;
        this.startNanos = clock.nanoTime();
        this.drawnAt.set(startNanos);
    }

    /** On standard error, if a person looks at it. */
    @SuppressWarnings("SystemConsoleNull") // null still where the runtime has no console provider
    static Progress of(String label, long total, Clock clock) {
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        return new Progress(System.err, terminal, label, total, clock);
    }

    void add(long bytes) {
        long now = done.addAndGet(bytes);
        long time = clock.nanoTime();
        long last = drawnAt.get();
        if (shown && time - last > REDRAW_NANOS && drawnAt.compareAndSet(last, time)) {
            draw(now, time);
        }
    }

    long bytes() {
        return done.get();
    }

    long nanos() {
        return clock.nanoTime() - startNanos;
    }

    private void draw(long now, long time) {
        double share = total == 0 ? 1 : Math.min(1.0, (double) now / total);
        int filled = (int) (share * BAR);
        String line = String.format(
                Locale.ROOT,
                "\r%s [%s%s] %3.0f %%  %s  %s  ",
                label,
                "#".repeat(filled),
                "-".repeat(BAR - filled),
                share * 100,
                Sizes.text(now),
                Sizes.rate(now, time - startNanos));
        lock.lock();
        try {
            terminal.print(line);
            terminal.flush();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        if (shown) {
            draw(done.get(), clock.nanoTime());
            terminal.println();
        }
    }
}
