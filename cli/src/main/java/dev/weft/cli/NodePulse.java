package dev.weft.cli;

import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.NotPrimaryException;
import dev.weft.api.cluster.member.Member;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.time.Duration;
import java.util.List;

/** Tells the cluster manager every second that a node without targets is there; on a thread of its own. */
final class NodePulse implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(NodePulse.class.getName());
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final int nodeId;
    private final NodeRole role;
    private final List<String> addresses;
    private final long incarnation;
    private final ClusterManager manager;
    private final Member member;
    private final Environment environment;
    private final Thread thread;

    NodePulse(
            int nodeId,
            NodeRole role,
            List<String> addresses,
            long incarnation,
            ClusterManager manager,
            Member member,
            Environment environment) {
        this.nodeId = nodeId;
        this.role = role;
        this.addresses = addresses;
        this.incarnation = incarnation;
        this.manager = manager;
        this.member = member;
        this.environment = environment;
        this.thread = environment.threads().newThread(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            for (long sequence = 1; !Thread.currentThread().isInterrupted(); sequence++) {
                try {
                    // It needs no routing: whoever uses it has a follower.
                    member.accept(manager.heartbeat(new HeartbeatRequest(
                            nodeId,
                            role,
                            addresses,
                            incarnation,
                            sequence,
                            Long.MAX_VALUE,
                            List.of(),
                            member.clusterId(),
                            member.config())));
                } catch (RpcException e) {
                    boolean refused = e.code() == StatusCode.FAILED_PRECONDITION;
                    LOG.log(
                            refused ? System.Logger.Level.ERROR : System.Logger.Level.DEBUG,
                            "heartbeat " + sequence + (refused ? " was refused" : " was not answered"),
                            e);
                } catch (NotPrimaryException e) {
                    // Of a manager in this process, while it has no lease.
                    LOG.log(System.Logger.Level.DEBUG, "heartbeat " + sequence + " found no primary", e);
                }
                environment.clock().sleep(INTERVAL);
            }
        } catch (InterruptedException e) {
            // Only close interrupts this thread.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
