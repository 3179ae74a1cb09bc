package dev.weft.bench.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** A closed loop: so many calls in flight, each followed by the next, for a while after a warm-up. */
public final class Load {
    private static final long MAX_NANOS = 60_000_000_000L;

    private final int inFlight;
    private final long measureFromNanos;
    private final long untilNanos;
    private final List<Histogram> histograms = new ArrayList<>();

    public Load(int inFlight, long warmupNanos, long measureNanos) {
        this.inFlight = inFlight;
        this.measureFromNanos = System.nanoTime() + warmupNanos;
        this.untilNanos = measureFromNanos + measureNanos;
    }

    /** One call; returns when the reply is there. */
    public interface BlockingCall {
        void call() throws Exception;
    }

    /** One thread per call in flight; {@code calls} makes the call of each. */
    public void blocking(ThreadFactory threads, Iterable<BlockingCall> calls) throws InterruptedException {
        List<Thread> started = new ArrayList<>();
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        for (BlockingCall call : calls) {
            Histogram histogram = newHistogram();
            Thread thread = threads.newThread(() -> {
                try {
                    loop(call, histogram);
                } catch (Exception e) {
                    failures.add(e);
                }
            });
            started.add(thread);
        }
        started.forEach(Thread::start);
        for (Thread thread : started) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException("a call failed", failures.getFirst());
        }
    }

    private void loop(BlockingCall call, Histogram histogram) throws Exception {
        long begun = System.nanoTime();
        while (begun - untilNanos < 0) {
            call.call();
            long ended = System.nanoTime();
            if (begun - measureFromNanos >= 0) {
                histogram.recordValue(Math.min(ended - begun, MAX_NANOS));
            }
            begun = ended;
        }
    }

    /** {@code start} begins a call and runs what it is given when the reply is there, on any thread. */
    void async(Consumer<Runnable> start) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(inFlight);
        for (int i = 0; i < inFlight; i++) {
            new Chain(start, newHistogram(), ended).begin();
        }
        ended.await();
    }

    private final class Chain implements Runnable {
        private final Consumer<Runnable> start;
        private final Histogram histogram;
        private final CountDownLatch ended;
        private long begunNanos;

        Chain(Consumer<Runnable> start, Histogram histogram, CountDownLatch ended) {
            this.start = start;
            this.histogram = histogram;
            this.ended = ended;
        }

        void begin() {
            begunNanos = System.nanoTime();
            start.accept(this);
        }

        @Override
        public void run() {
            long now = System.nanoTime();
            if (begunNanos - measureFromNanos >= 0) {
                histogram.recordValue(Math.min(now - begunNanos, MAX_NANOS));
            }
            if (now - untilNanos < 0) {
                begunNanos = now;
                start.accept(this);
            } else {
                ended.countDown();
            }
        }
    }

    int inFlight() {
        return inFlight;
    }

    private Histogram newHistogram() {
        Histogram histogram = new Histogram(MAX_NANOS, 2);
        histograms.add(histogram);
        return histogram;
    }

    /** All calls that began and ended within the measured time. */
    public Histogram result() {
        Histogram all = new Histogram(MAX_NANOS, 2);
        histograms.forEach(all::add);
        return all;
    }
}
