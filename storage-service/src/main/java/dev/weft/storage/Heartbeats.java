package dev.weft.storage;

import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.HeartbeatReply;
import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.storage.engine.Disk;
import java.util.concurrent.locks.LockSupport;

/** Tells the cluster manager that we are there and how our targets are, which renews the lease; on a thread of its own. */
final class Heartbeats implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Heartbeats.class.getName());

    private final StorageConfig config;
    private final ClusterManager manager;
    private final Targets targets;
    private final Lease lease;
    private final Disk disk;
    private final Environment environment;
    private final Thread thread;

    /** Set by whoever has news; cleared by the heartbeat thread before it reports. */
    private volatile boolean news;

    private volatile boolean closing;

    Heartbeats(
            StorageConfig config,
            ClusterManager manager,
            Targets targets,
            Lease lease,
            Disk disk,
            Environment environment) {
        this.config = config;
        this.manager = manager;
        this.targets = targets;
        this.lease = lease;
        this.disk = disk;
        this.environment = environment;
        this.thread = environment.threads().newThread(this::run);
    }

    void start() {
        thread.start();
    }

    /** Sends the next heartbeat now. */
    void trigger() {
        news = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        long sequence = 0;
        while (!closing) {
            news = false;
            long sent = environment.clock().nanoTime();
            beat(++sequence, sent);
            long next = sent + config.heartbeatInterval().toNanos();
            while (!news && !closing && next - environment.clock().nanoTime() > 0) {
                environment.clock().parkUntil(this, next);
                if (Thread.interrupted()) {
                    return;
                }
            }
        }
    }

    private void beat(long sequence, long sent) {
        try {
            HeartbeatReply reply = manager.heartbeat(new HeartbeatRequest(
                    config.nodeId(),
                    NodeRole.STORAGE,
                    config.addresses(),
                    config.incarnation(),
                    sequence,
                    targets.routing().version(),
                    targets.report(disk.capacityBytes())));
            lease.renew(sent, reply.lease());
            if (reply.routing().isPresent()
                    && targets.accept(Routing.of(reply.routing().get()))) {
                news = true;
            }
        } catch (RpcException e) {
            LOG.log(System.Logger.Level.DEBUG, "heartbeat " + sequence + " was not answered", e);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "heartbeat " + sequence + " failed", e);
        }
    }

    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
