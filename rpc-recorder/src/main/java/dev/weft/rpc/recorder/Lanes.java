package dev.weft.rpc.recorder;

import dev.weft.rpc.spi.CallRecord;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Records on their way from the threads of the calls to the one that writes them. Those threads pack them themselves, in one of a
 * few batches at a time, and never wait: one that finds all batches in use by others, or none empty when its own is full, drops its
 * record, which is counted.
 */
final class Lanes {
    private static final int LANES_MAX = 16;

    /** How often a thread looks again whether one of the lanes has become free; a lane is in use for some ten nanoseconds. */
    private static final int ROUNDS_MAX = 64;

    /** True while a thread uses its batch. */
    private static final class Lane extends AtomicBoolean {
        private static final long serialVersionUID = 1L;

        /** Used by the thread that has set the flag. */
        private transient Batch batch = new Batch();
    }

    private final Lane[] lanes;
    private final ConcurrentLinkedQueue<Batch> empty = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Batch> full = new ConcurrentLinkedQueue<>();
    private final LongAdder dropped = new LongAdder();

    /** What the writing thread puts into a lane when it takes that one's batch. */
    private Batch spare = new Batch();

    /** @param batches that may be full and wait */
    Lanes(int processors, int batches) {
        int count = Math.min(LANES_MAX, Integer.highestOneBit(Math.max(1, processors * 2 - 1)));
        lanes = new Lane[count];
        for (int i = 0; i < count; i++) {
            lanes[i] = new Lane();
        }
        for (int i = 0; i < batches; i++) {
            empty.add(new Batch());
        }
    }

    /** Packs a record, or counts it as lost. From any thread. */
    void put(CallRecord call) {
        int from = (int) Thread.currentThread().threadId();
        for (int i = 0; i < ROUNDS_MAX * lanes.length; i++) {
            Lane lane = lanes[(from + i) & (lanes.length - 1)];
            if (!lane.getPlain() && lane.compareAndSet(false, true)) {
                try {
                    put(call, lane);
                } finally {
                    lane.setRelease(false);
                }
                return;
            }
            Thread.onSpinWait();
        }
        dropped.increment();
    }

    private void put(CallRecord call, Lane lane) {
        Batch batch = lane.batch;
        if (!batch.hasRoom()) {
            Batch next = empty.poll();
            if (next == null) {
                dropped.increment();
                return;
            }
            full.add(batch);
            lane.batch = next;
            batch = next;
        }
        batch.add(call);
    }

    /** Hands over all batches that have calls; they are used again when {@code write} returns. By one thread at a time. */
    void take(Consumer<Batch> write) {
        for (Batch batch = full.poll(); batch != null; batch = full.poll()) {
            write.accept(batch);
            batch.clear();
            empty.add(batch);
        }
        for (Lane lane : lanes) {
            Batch batch = exchange(lane);
            if (batch != null) {
                write.accept(batch);
                batch.clear();
                spare = batch;
            }
        }
    }

    /** The batch of a lane, which has the spare one now; null if it has no calls, or somebody is at it. */
    private @Nullable Batch exchange(Lane lane) {
        if (!lane.compareAndSet(false, true)) {
            return null;
        }
        try {
            Batch batch = lane.batch;
            if (batch.isEmpty()) {
                return null;
            }
            lane.batch = spare;
            return batch;
        } finally {
            lane.setRelease(false);
        }
    }

    /** Records that were dropped so far. */
    long dropped() {
        return dropped.sum();
    }
}
