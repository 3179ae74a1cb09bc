package dev.weft.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Latencies and throughput of several kinds of work, as a table. Thread-safe. */
final class Timings {
    private static final long LONGEST_NANOS = 120_000_000_000L;

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** One kind of work. */
    static final class Row {
        private final Histogram nanos = new ConcurrentHistogram(LONGEST_NANOS, 3);
        private final LongAdder bytes = new LongAdder();
        private final LongAdder wallNanos = new LongAdder();
        private final LongAdder wallBytes = new LongAdder();

        void add(long tookNanos, long byteCount) {
            nanos.recordValue(Math.clamp(tookNanos, 0, LONGEST_NANOS));
            bytes.add(byteCount);
        }

        /** Time on the clock during which so many bytes were moved, in parallel: what speed is reckoned by. */
        void addWall(long tookNanos, long byteCount) {
            wallNanos.add(tookNanos);
            wallBytes.add(byteCount);
        }
    }

    Row row(String name) {
        lock.lock();
        try {
            return rows.computeIfAbsent(name, _ -> new Row());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                Locale.ROOT,
                "%-34s %8s %10s %10s %10s %10s %10s%n",
                "what",
                "count",
                "data",
                "speed",
                "p50 ms",
                "p99 ms",
                "p99.9 ms"));
        lock.lock();
        try {
            rows.forEach((name, row) -> table.append(String.format(
                    Locale.ROOT,
                    "%-34s %8d %10s %10s %10.2f %10.2f %10.2f%n",
                    name,
                    row.nanos.getTotalCount(),
                    Sizes.text(row.bytes.sum()),
                    row.wallNanos.sum() == 0 ? "" : Sizes.rate(row.wallBytes.sum(), row.wallNanos.sum()),
                    row.nanos.getValueAtPercentile(50) / 1e6,
                    row.nanos.getValueAtPercentile(99) / 1e6,
                    row.nanos.getValueAtPercentile(99.9) / 1e6)));
        } finally {
            lock.unlock();
        }
        return table.toString();
    }
}
