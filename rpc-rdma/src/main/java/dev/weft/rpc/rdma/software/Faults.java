package dev.weft.rpc.rdma.software;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvWC;
import dev.weft.rpc.Environment;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong on a {@link SoftwareFabric}: nothing, until told otherwise. Can be changed at any time, by any thread;
 * all chance comes from the environment's random, so that a seed replays it. No data is ever corrupted.
 */
public final class Faults {
    private static final int MILLION = 1_000_000;

    private record Range(long minNanos, long maxNanos) {
        static final Range NONE = new Range(0, 0);
    }

    private record Failure(int perMillion, int status) {
        static final Failure NONE = new Failure(0, 0);
    }

    private record Link(SoftwareDevice one, SoftwareDevice other) {}

    private final SoftwareFabric fabric;
    private final Environment environment;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Set<Link> cuts = new HashSet<>();

    @GuardedBy("lock")
    private final Map<SoftwareDevice, Integer> completionsToLose = new HashMap<>();

    private final AtomicLong completionsLost = new AtomicLong();
    private final AtomicLong failuresInjected = new AtomicLong();
    private volatile Range delay = Range.NONE;
    private volatile Failure failure = Failure.NONE;
    private volatile int disorderPerMillion;
    private volatile int losePerMillion;

    /** 0 if each connection's own time counts. */
    private volatile long retryNanos;

    private volatile long connectNanos = Duration.ofSeconds(2).toNanos();

    /** Whether the sets have anything: spares the lock on the way of each request. */
    private volatile boolean anyCut;

    private volatile boolean anyToLose;

    Faults(SoftwareFabric fabric) {
        this.fabric = fabric;
        this.environment = fabric.environment();
    }

    // ---- For tests

    /** Executes each request, and delivers each message of the connection manager, that much later, in order per queue pair. */
    public void delay(Duration min, Duration max) {
        if (min.isNegative() || max.compareTo(min) < 0) {
            throw new IllegalArgumentException("a delay from " + min + " to " + max);
        }
        delay = new Range(min.toNanos(), max.toNanos());
    }

    /** Lets so many of a million completions overtake completions of other queue pairs in the same completion queue. */
    public void disorder(int perMillion) {
        disorderPerMillion = requireShare(perMillion);
    }

    /** Loses so many of a million successful completions: the request is executed, nobody is told. */
    public void loseCompletions(int perMillion) {
        losePerMillion = requireShare(perMillion);
    }

    /** Loses the next {@code count} successful completions of requests on a device. */
    public void loseCompletions(SoftwareDevice device, int count) {
        lock.lock();
        try {
            completionsToLose.put(device, count);
            completionsToLose.values().removeIf(left -> left <= 0);
            anyToLose = !completionsToLose.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Fails so many of a million send requests with a status of {@link IbvWC.IbvWcStatus}, and their queue pairs with
     * them. Half of those have been executed nevertheless, as it happens when an acknowledgement is lost.
     */
    public void failRequests(int perMillion, IbvWC.IbvWcStatus status) {
        requireFailure(status);
        failure = new Failure(requireShare(perMillion), WorkStatus.number(status));
    }

    /**
     * Fails a queue pair now: its oldest request that is not done gets the status and all others are flushed. If there is
     * none, the device reports the queue pair's failure by an event. The peer is not told; it notices when it sends.
     */
    public void fail(IbvQP queuePair, IbvWC.IbvWcStatus status) {
        requireFailure(status);
        if (!(queuePair instanceof SoftwareQp ours)) {
            throw new IllegalArgumentException(queuePair + " is not a software queue pair");
        }
        ours.core().failWith(WorkStatus.number(status));
    }

    /**
     * Lets a request that gets no answer fail after this time; until this is called, after the time that timeout and
     * retries of its connection give.
     */
    public void retryTime(Duration time) {
        retryNanos = time.toNanos();
    }

    /** Lets an attempt to connect that gets no answer fail after this time; 2 seconds at first. */
    public void connectTime(Duration time) {
        connectNanos = time.toNanos();
    }

    /** Lets nothing through between two devices. */
    public void cut(SoftwareDevice one, SoftwareDevice other) {
        lock.lock();
        try {
            cuts.add(new Link(one, other));
            cuts.add(new Link(other, one));
            anyCut = true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends a cut. Requests whose time is not over yet get through. */
    public void mend(SoftwareDevice one, SoftwareDevice other) {
        lock.lock();
        try {
            cuts.remove(new Link(one, other));
            cuts.remove(new Link(other, one));
            anyCut = !cuts.isEmpty();
        } finally {
            lock.unlock();
        }
        fabric.retryAll();
    }

    /** Takes the port of a device down, with the event for it: nothing gets through to or from it. */
    public void portDown(SoftwareDevice device) {
        device.setPortUp(false);
    }

    /** Brings the port of a device up again. */
    public void portUp(SoftwareDevice device) {
        device.setPortUp(true);
    }

    /**
     * Loses a device: an event for that, every verb on it fails with EIO except those that free something, peers get no
     * answer.
     */
    public void lose(SoftwareDevice device) {
        device.lose();
    }

    /** Brings a lost device back. What was made on it before stays dead; it is opened anew. */
    public void restore(SoftwareDevice device) {
        device.restore();
    }

    /** Ends delays, chances and cuts; ports and devices stay as they are, and so do the times. */
    public void calm() {
        lock.lock();
        try {
            delay = Range.NONE;
            failure = Failure.NONE;
            disorderPerMillion = 0;
            losePerMillion = 0;
            cuts.clear();
            completionsToLose.clear();
            anyCut = false;
            anyToLose = false;
        } finally {
            lock.unlock();
        }
        fabric.retryAll();
    }

    /** How many completions were lost so far. */
    public long completionsLost() {
        return completionsLost.get();
    }

    /** How many requests were failed by chance so far. */
    public long failuresInjected() {
        return failuresInjected.get();
    }

    private static int requireShare(int perMillion) {
        if (perMillion < 0 || perMillion > MILLION) {
            throw new IllegalArgumentException(perMillion + " of a million");
        }
        return perMillion;
    }

    private static void requireFailure(IbvWC.IbvWcStatus status) {
        if (status == IbvWC.IbvWcStatus.IBV_WC_SUCCESS) {
            throw new IllegalArgumentException("success is no failure");
        }
    }

    // ---- For the fabric

    /** When a request that is posted now is executed, at the earliest; 0 if at once. */
    long dueNanos(long lastDueNanos) {
        long delay = delayNanos();
        if (delay == 0) {
            return 0;
        }
        long due = environment.clock().nanoTime() + delay;
        return lastDueNanos != 0 && lastDueNanos - due > 0 ? lastDueNanos : due;
    }

    /** A delay by chance, 0 if there are none. */
    long delayNanos() {
        Range now = delay;
        return now.maxNanos == 0 ? 0 : environment.random().nextLong(now.minNanos, now.maxNanos + 1);
    }

    @Nullable
    RandomGenerator disorder() {
        return happens(disorderPerMillion) ? environment.random() : null;
    }

    boolean losesCompletion(SoftwareDevice device) {
        boolean lost = (anyToLose && takeOneToLose(device)) || happens(losePerMillion);
        if (lost) {
            completionsLost.incrementAndGet();
        }
        return lost;
    }

    private boolean takeOneToLose(SoftwareDevice device) {
        lock.lock();
        try {
            Integer left = completionsToLose.get(device);
            if (left == null) {
                return false;
            }
            if (left == 1) {
                completionsToLose.remove(device);
                anyToLose = !completionsToLose.isEmpty();
            } else {
                completionsToLose.put(device, left - 1);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The status with which this request is to fail; 0 if it is not. */
    int injectedFailure() {
        Failure now = failure;
        if (!happens(now.perMillion)) {
            return 0;
        }
        failuresInjected.incrementAndGet();
        return now.status;
    }

    boolean coin() {
        return environment.random().nextBoolean();
    }

    private boolean happens(int perMillion) {
        return perMillion > 0 && environment.random().nextInt(MILLION) < perMillion;
    }

    long retryNanos(long ofConnection) {
        long set = retryNanos;
        return set == 0 ? ofConnection : set;
    }

    long connectNanos() {
        return connectNanos;
    }

    /** Whether packets get through between two devices. */
    boolean connected(SoftwareDevice one, SoftwareDevice other) {
        return one.isUp() && other.isUp() && !(anyCut && isCut(one, other));
    }

    private boolean isCut(SoftwareDevice one, SoftwareDevice other) {
        lock.lock();
        try {
            return cuts.contains(new Link(one, other));
        } finally {
            lock.unlock();
        }
    }
}
