package dev.weft.storage;

import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.HeartbeatReply;
import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.NotPrimaryException;
import dev.weft.api.cluster.member.Member;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.storage.engine.ChunkEngine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Tells the cluster manager that we are there and how our targets are, which renews the lease; on a thread of its own. */
final class Heartbeats implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Heartbeats.class.getName());

    /** After a heartbeat that was not answered: another manager may answer soon, and the lease goes on running. */
    private static final Duration RETRY = Duration.ofMillis(200);

    private final StorageConfig config;
    private final ClusterManager manager;
    private final Targets targets;
    private final Lease lease;
    private final ChunkEngine engine;
    private final Member member;
    private final Environment environment;
    private final Thread thread;

    /** May be changed while we run. */
    private volatile Duration interval;

    /** Length of the last lease. For the heartbeat thread, which also brings options. */
    private Duration granted = Duration.ZERO;

    /** Set by whoever has news; cleared by the heartbeat thread before it reports. */
    private volatile boolean news;

    private volatile boolean closing;

    Heartbeats(
            StorageConfig config,
            ClusterManager manager,
            Targets targets,
            Lease lease,
            ChunkEngine engine,
            Member member,
            Environment environment) {
        this.config = config;
        this.manager = manager;
        this.targets = targets;
        this.lease = lease;
        this.engine = engine;
        this.member = member;
        this.interval = config.heartbeatInterval();
        member.options().duration("heartbeat-interval", interval, this::setInterval);
        this.environment = environment;
        this.thread = environment.threads().newThread(this::run);
    }

    void start() {
        thread.start();
    }

    /** Waits this long between heartbeats. */
    private void setInterval(Duration value) {
        if (value.multipliedBy(2).compareTo(granted) > 0) {
            throw new IllegalArgumentException(value + " is more than half of the lease, " + granted);
        }
        interval = value;
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
            boolean answered = beat(++sequence, sent);
            long next =
                    answered ? sent + interval.toNanos() : environment.clock().nanoTime() + RETRY.toNanos();
            while (!news && !closing && next - environment.clock().nanoTime() > 0) {
                environment.clock().parkUntil(this, next);
                if (Thread.interrupted()) {
                    return;
                }
            }
        }
    }

    private boolean beat(long sequence, long sent) {
        try {
            HeartbeatReply reply = manager.heartbeat(new HeartbeatRequest(
                    config.nodeId(),
                    NodeRole.STORAGE,
                    config.addresses(),
                    config.incarnation(),
                    sequence,
                    targets.routing().version(),
                    targets.report(engine.capacityBytes()),
                    member.clusterId(),
                    member.config()));
            // What has become of us comes before the right to go by it: others may have gone on without us.
            if (newer(reply).filter(targets::accept).isPresent()) {
                news = true;
            }
            lease.renew(sent, reply.lease());
            granted = reply.lease();
            member.accept(reply);
            return true;
        } catch (RpcException e) {
            boolean refused = e.code() == StatusCode.FAILED_PRECONDITION;
            LOG.log(
                    refused ? System.Logger.Level.ERROR : System.Logger.Level.DEBUG,
                    "heartbeat " + sequence + (refused ? " was refused" : " was not answered"),
                    e);
        } catch (NotPrimaryException e) {
            LOG.log(System.Logger.Level.DEBUG, "heartbeat " + sequence + " found no primary", e);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "heartbeat " + sequence + " failed", e);
        }
        return false;
    }

    private Optional<Routing> newer(HeartbeatReply reply) {
        return reply.routing().map(Routing::of).or(() -> reply.changes().flatMap(targets.routing()::after));
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
