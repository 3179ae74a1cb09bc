package dev.weft.api.cluster.routing;

import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NotPrimaryException;
import dev.weft.api.cluster.RoutingReply;
import dev.weft.api.cluster.RoutingRequest;
import dev.weft.rpc.Clock;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Keeps a process's routing current: one background thread asks the cluster manager for anything newer and waits there
 * for the answer.
 *
 * <p>While the manager cannot be reached the last known routing stays in force and the thread asks again with growing
 * pauses. Thread-safe. A follower starts once and closes once.
 */
public final class RoutingFollower implements AutoCloseable {
    /** How long one question may wait at the manager: short beside any sensible call deadline. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger(RoutingFollower.class.getName());

    private final ClusterManager manager;
    private final Environment environment;
    private final Thread thread;
    private final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();

    /** Written by the follower's thread only. */
    private volatile Routing current = Routing.UNKNOWN;

    private volatile boolean closed;

    /** Set before the start. */
    private Consumer<NodeInfo> lost = _ -> {};

    public RoutingFollower(ClusterManager manager, Environment environment) {
        this.manager = manager;
        this.environment = environment;
        this.thread = environment.threads().newThread(this::follow);
    }

    /**
     * Has {@code listener} told of each node that the cluster takes for dead from now on, on the follower's thread; must not
     * block. Whoever waits for an answer of such a node may wait for long. To be called before the start.
     */
    public RoutingFollower onLost(Consumer<NodeInfo> listener) {
        lost = listener;
        return this;
    }

    public void start() {
        thread.start();
    }

    /** The newest routing known here; {@link Routing#UNKNOWN} until the first answer. Does not block. */
    public Routing current() {
        return current;
    }

    /** Waits until routing newer than {@code version} is known or {@code patience} is over; returns the newest known. */
    public Routing awaitNewerThan(long version, Duration patience) throws InterruptedException {
        Clock clock = environment.clock();
        long deadline = clock.nanoTime() + patience.toNanos();
        waiting.add(Thread.currentThread());
        try {
            while (current.version() <= version && deadline - clock.nanoTime() > 0) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                clock.parkUntil(this, deadline);
            }
            return current;
        } finally {
            waiting.remove(Thread.currentThread());
        }
    }

    /** Stops asking and waits for the thread to end; {@link #current} keeps its value. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() {
        Duration pause = FIRST_PAUSE;
        try {
            while (!closed) {
                try {
                    RoutingReply reply = manager.routing(new RoutingRequest(current.version(), PATIENCE));
                    accept(reply);
                    pause = FIRST_PAUSE;
                } catch (RuntimeException e) {
                    if (closed || Thread.currentThread().isInterrupted()) {
                        return;
                    }
                    System.Logger.Level level = e instanceof RpcException || e instanceof NotPrimaryException
                            ? System.Logger.Level.DEBUG
                            : System.Logger.Level.ERROR;
                    LOG.log(level, "cannot get routing newer than version " + current.version(), e);
                    environment.clock().sleep(jittered(pause));
                    pause = longer(pause);
                }
            }
        } catch (InterruptedException e) {
            // Only close interrupts this thread, and the thread ends here.
            Thread.currentThread().interrupt();
        }
    }

    private void accept(RoutingReply reply) {
        Routing next = current;
        if (reply.routing().isPresent()) {
            next = Routing.of(reply.routing().get());
        } else if (reply.changes().isPresent()) {
            // Changes since a version that we do not have answer no question of ours; asking again brings others.
            next = current.after(reply.changes().get()).orElse(current);
        }
        if (next.version() <= current.version()) {
            return;
        }
        Routing before = current;
        current = next;
        for (Thread waiter : waiting) {
            LockSupport.unpark(waiter);
        }
        for (NodeInfo node : before.info().nodes()) {
            if (node.alive() && !next.node(node.nodeId()).map(NodeInfo::alive).orElse(false)) {
                lost.accept(node);
            }
        }
    }

    private Duration jittered(Duration pause) {
        return Duration.ofNanos(environment.random().nextLong(pause.toNanos() / 2, pause.toNanos()));
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
}
