package dev.weft.rpc;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** What one client or server knows of one method. Recording is thread-safe and never blocks. */
public final class MethodMetrics {
    /** Latencies are recorded with 1 % precision up to an hour. */
    private static final int DIGITS = 2;

    private static final long MAX_NANOS = 3_600_000_000_000L;

    private final Method<?, ?, ?> method;
    private final LongAdder started = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    /** By the wire value of the status. */
    private final AtomicLongArray failures = new AtomicLongArray(StatusCode.values().length + 1);

    private final Recorder total = new Recorder(MAX_NANOS, DIGITS);
    private final Recorder queue = new Recorder(MAX_NANOS, DIGITS);
    private final Recorder handler = new Recorder(MAX_NANOS, DIGITS);

    MethodMetrics(Method<?, ?, ?> method) {
        this.method = method;
    }

    void begin() {
        started.increment();
    }

    void succeeded(long totalNanos) {
        ended.increment();
        total.recordValue(clamp(totalNanos));
    }

    void failed(StatusCode code) {
        ended.increment();
        failures.incrementAndGet(code.wireValue());
    }

    void split(long queueNanos, long handlerNanos) {
        queue.recordValue(clamp(queueNanos));
        handler.recordValue(clamp(handlerNanos));
    }

    void bytes(long in, long out) {
        bytesIn.add(in);
        bytesOut.add(out);
    }

    public Method<?, ?, ?> method() {
        return method;
    }

    /** Calls begun so far. */
    public long calls() {
        return started.sum();
    }

    /** Calls begun and not ended. */
    public long inFlight() {
        return Math.max(0, started.sum() - ended.sum());
    }

    /** Bytes of bodies received. */
    public long bytesIn() {
        return bytesIn.sum();
    }

    /** Bytes of bodies sent. */
    public long bytesOut() {
        return bytesOut.sum();
    }

    /** Failed calls, by why; codes that never occurred are left out. */
    public Map<StatusCode, Long> failures() {
        Map<StatusCode, Long> counts = new EnumMap<>(StatusCode.class);
        for (StatusCode code : StatusCode.values()) {
            long count = failures.get(code.wireValue());
            if (count > 0) {
                counts.put(code, count);
            }
        }
        return counts;
    }

    /** Whole time of the successful calls since this was last asked, in nanoseconds. For one reader. */
    public Histogram takeTotalNanos() {
        return total.getIntervalHistogram();
    }

    /** Time between arrival and start of the handler, likewise; in a client to the microsecond. */
    public Histogram takeQueueNanos() {
        return queue.getIntervalHistogram();
    }

    /** Time in the handler, likewise; in a client to the microsecond. */
    public Histogram takeHandlerNanos() {
        return handler.getIntervalHistogram();
    }

    private static long clamp(long nanos) {
        return Math.clamp(nanos, 0, MAX_NANOS);
    }
}
