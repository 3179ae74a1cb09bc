package dev.weft.rpc.rdma;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCReqNotify;
import dev.weft.rpc.Clock;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One completion queue and the thread that empties it: polls while completions come, then arms the completion channel and
 * sleeps. It tells each queue pair of its completions and does nothing that waits.
 */
final class CompletionPoller {
    private static final System.Logger LOG = System.getLogger("dev.weft.rpc.rdma");

    /** Completions taken by one poll. */
    private static final int BATCH = 64;

    /** How long to go on polling, and how many times, each with a yield, when nothing comes. */
    private static final long POLL_NANOS = 100_000;

    private static final int EMPTY_POLLS_MAX = 200;

    /** A sleeping thread looks up this often, and more often where it cannot be woken. */
    private static final int SLEEP_MILLIS = 1000;

    private static final int SLEEP_MILLIS_UNWOKEN = 50;

    private static final int QUEUE_PAIRS_MAX = 1 << 16;

    /** Ends a queue pair whose completions would not fit. */
    private static final int NO_INDEX = -1;

    private final VerbsProvider provider;
    private final IbvCompChannel channel;
    private final IbvCQ queue;
    private final SVCPollCq poll;
    private final SVCReqNotify notify;
    private final IbvWC[] completions = new IbvWC[BATCH];
    private final AtomicReferenceArray<QueuePair> queuePairs = new AtomicReferenceArray<>(QUEUE_PAIRS_MAX);
    private final int capacity;
    private final Clock clock;
    private final RdmaCounters counters;
    private final Runnable onBroken;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private int reserved;

    @GuardedBy("lock")
    private int searchFrom;

    /** Threads that wait until the queue was seen empty. */
    private final ConcurrentLinkedQueue<Barrier> barriers = new ConcurrentLinkedQueue<>();

    // Used by the poller's thread only.
    private final List<Barrier> due = new ArrayList<>();
    private final List<QueuePair> touched = new ArrayList<>();

    /** That were not counted yet: most find nothing. */
    private int polls;

    private volatile boolean sleeping;
    private volatile boolean closing;
    private volatile boolean ended;

    private static final class Barrier {
        final Thread waiter = Thread.currentThread();
        volatile boolean passed;
    }

    /** @param onBroken runs on the poller's thread if the device does not let it go on */
    CompletionPoller(
            VerbsProvider provider,
            IbvContext context,
            int capacity,
            Clock clock,
            RdmaCounters counters,
            Runnable onBroken)
            throws IOException {
        this.provider = provider;
        this.onBroken = onBroken;
        this.capacity = capacity;
        this.clock = clock;
        this.counters = counters;
        this.channel = context.createCompChannel();
        this.queue = context.createCQ(channel, capacity, 0);
        for (int i = 0; i < BATCH; i++) {
            completions[i] = new IbvWC();
        }
        this.poll = queue.poll(completions, BATCH);
        this.notify = queue.reqNotification(false);
    }

    IbvCQ queue() {
        return queue;
    }

    /**
     * Gives a queue pair its index, by which its completions are recognized; -1 if {@code entries} more completions do not
     * fit.
     */
    int add(QueuePair queuePair, int entries) {
        lock.lock();
        try {
            if (reserved + entries > capacity) {
                return NO_INDEX;
            }
            for (int i = 0; i < QUEUE_PAIRS_MAX; i++) {
                int index = (searchFrom + i) % QUEUE_PAIRS_MAX;
                if (queuePairs.get(index) == null) {
                    queuePairs.set(index, queuePair);
                    searchFrom = index + 1;
                    reserved += entries;
                    return index;
                }
            }
            return NO_INDEX;
        } finally {
            lock.unlock();
        }
    }

    /** The queue pair was destroyed, and {@link #awaitEmpty} has returned since. */
    void remove(QueuePair queuePair, int index, int entries) {
        lock.lock();
        try {
            if (!queuePairs.compareAndSet(index, queuePair, null)) {
                throw new IllegalStateException("a queue pair is removed twice");
            }
            reserved -= entries;
        } finally {
            lock.unlock();
        }
    }

    /** Returns once everything that was in the queue by now has been told. */
    void awaitEmpty() {
        Barrier barrier = new Barrier();
        barriers.add(barrier);
        wake();
        boolean interrupted = false;
        while (!ended && !barrier.passed) {
            clock.parkUntil(this, clock.nanoTime() + 1_000_000_000L);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake() {
        if (sleeping) {
            try {
                provider.wake(channel);
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "waking the poller", e);
            }
        }
    }

    // --- the poller's thread

    @SuppressWarnings(
            "ThreadPriorityCheck") // lets those run whose completions it waits for, where all have few processors
    void run() {
        int emptyPolls = 0;
        long lastNanos = clock.nanoTime();
        try {
            while (!closing) {
                if (pollOnce() > 0) {
                    emptyPolls = 0;
                    lastNanos = clock.nanoTime();
                } else if (++emptyPolls < EMPTY_POLLS_MAX && clock.nanoTime() - lastNanos < POLL_NANOS) {
                    Thread.yield();
                } else {
                    counters.arms.increment();
                    notify.execute();
                    if (pollOnce() == 0) {
                        sleep();
                    }
                    emptyPolls = 0;
                    lastNanos = clock.nanoTime();
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "polling for completions failed, the device is given up: " + e.getMessage());
            ended = true;
            onBroken.run();
        } finally {
            ended = true;
            barriers.forEach(barrier -> LockSupport.unpark(barrier.waiter));
            due.forEach(barrier -> LockSupport.unpark(barrier.waiter));
        }
    }

    /** Until a completion comes; looks up now and then. */
    private void sleep() throws IOException {
        counters.sleeps.increment();
        countPolls();
        sleeping = true;
        while (!closing && barriers.isEmpty()) {
            if (channel.getCqEvent(queue, provider.canWake() ? SLEEP_MILLIS : SLEEP_MILLIS_UNWOKEN)) {
                queue.ackEvents(1);
                break;
            }
        }
        sleeping = false;
    }

    private int pollOnce() throws IOException {
        takeBarriers();
        poll.execute();
        polls++;
        int count = poll.getPolls();
        // Counted before it is told: who is told finds it counted.
        if (count > 0) {
            counters.completions.add(count);
            countPolls();
        }
        for (int i = 0; i < count; i++) {
            IbvWC completion = completions[i];
            QueuePair queuePair = queuePairs.get(WorkRequestId.index(completion.getWr_id()));
            if (queuePair != null) {
                tell(queuePair, completion);
                if (!queuePair.touched) {
                    queuePair.touched = true;
                    touched.add(queuePair);
                }
            }
        }
        for (int i = 0; i < touched.size(); i++) {
            QueuePair queuePair = touched.get(i);
            queuePair.touched = false;
            finish(queuePair);
        }
        touched.clear();
        passBarriers(count < BATCH);
        return count;
    }

    private static void tell(QueuePair queuePair, IbvWC completion) {
        try {
            queuePair.onCompletion(completion);
        } catch (RuntimeException e) {
            end(queuePair, e);
        }
    }

    private static void finish(QueuePair queuePair) {
        try {
            queuePair.afterPoll();
        } catch (RuntimeException e) {
            end(queuePair, e);
        }
    }

    /** A fault in the handling of one connection must not cost those that share the device. */
    private static void end(QueuePair queuePair, RuntimeException fault) {
        LOG.log(Level.ERROR, () -> "handling what came over " + queuePair.rail() + " failed", fault);
        queuePair.rail().connection().close("handling what came over it failed: " + fault);
    }

    private void countPolls() {
        counters.polls.add(polls);
        polls = 0;
    }

    private void takeBarriers() {
        while (!barriers.isEmpty()) {
            Barrier barrier = barriers.poll();
            if (barrier != null) {
                due.add(barrier);
            }
        }
    }

    private void passBarriers(boolean empty) {
        if (due.isEmpty() || !empty) {
            return;
        }
        for (Barrier barrier : due) {
            barrier.passed = true;
            LockSupport.unpark(barrier.waiter);
        }
        due.clear();
    }

    // --- the end

    /** Whether no queue pair is left. */
    boolean isUnused() {
        lock.lock();
        try {
            return reserved == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread; all queue pairs must have been removed. */
    void close(Thread thread) throws IOException {
        closing = true;
        wake();
        boolean interrupted = false;
        while (thread.isAlive() && !ended) {
            clock.parkUntil(this, clock.nanoTime() + 5_000_000);
            interrupted |= Thread.interrupted();
        }
        poll.free();
        notify.free();
        queue.destroyCQ();
        channel.destroyCompChannel();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
