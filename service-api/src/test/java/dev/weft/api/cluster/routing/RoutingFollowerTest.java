package dev.weft.api.cluster.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.HeartbeatReply;
import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.RoutingInfo;
import dev.weft.api.cluster.RoutingReply;
import dev.weft.api.cluster.RoutingRequest;
import dev.weft.api.cluster.StatusReply;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RoutingFollowerTest {
    private final ScriptedManager manager = new ScriptedManager();
    private final BlockingQueue<Integer> lost = new LinkedBlockingQueue<>();
    private final RoutingFollower follower =
            new RoutingFollower(manager, Environment.system()).onLost(node -> lost.add(node.nodeId()));

    @BeforeEach
    void start() {
        follower.start();
    }

    @AfterEach
    void close() {
        follower.close();
    }

    @Test
    void knowsNothingBeforeTheFirstAnswer() {
        assertSame(Routing.UNKNOWN, follower.current());
    }

    @Test
    void takesNewerRoutingAndAsksForWhatComesAfterIt() throws InterruptedException {
        manager.answer(() -> reply(5));
        assertEquals(5, follower.awaitNewerThan(0, Duration.ofMinutes(1)).version());
        manager.asked.take();
        assertEquals(5, manager.asked.take().knownVersion());
    }

    @Test
    void keepsWhatItKnowsWhenAnOlderAnswerArrives() throws InterruptedException {
        manager.answer(() -> reply(5));
        manager.answer(() -> reply(4));
        manager.answer(() -> reply(6));
        assertEquals(6, follower.awaitNewerThan(5, Duration.ofMinutes(1)).version());
    }

    @Test
    void asksAgainAfterTheManagerWasAway() throws InterruptedException {
        manager.answer(() -> {
            throw new RpcException(StatusCode.UNAVAILABLE, "no manager");
        });
        manager.answer(() -> reply(1));
        assertEquals(1, follower.awaitNewerThan(0, Duration.ofMinutes(1)).version());
    }

    @Test
    void givesUpWaitingWhenPatienceIsOver() throws InterruptedException {
        assertSame(Routing.UNKNOWN, follower.awaitNewerThan(0, Duration.ofMillis(1)));
    }

    @Test
    void tellsOfNodesThatAreTakenForDead() throws InterruptedException {
        manager.answer(() -> reply(1, node(1, true), node(2, true), node(3, false)));
        manager.answer(() -> reply(2, node(1, false), node(3, false)));
        assertEquals(1, lost.take());
        assertEquals(2, lost.take(), "it is not there any more");
        manager.answer(() -> reply(3, node(1, true), node(3, true)));
        manager.answer(() -> reply(4, node(1, true), node(3, false)));
        assertEquals(3, lost.take());
    }

    private static NodeInfo node(int id, boolean alive) {
        return new NodeInfo(id, NodeRole.STORAGE, List.of("tcp://127.0.0.1:" + (7000 + id)), alive);
    }

    private static RoutingReply reply(long version, NodeInfo... nodes) {
        return new RoutingReply(Optional.of(new RoutingInfo(version, List.of(nodes), List.of())));
    }

    /** Answers each question with the next step of the test's script, and holds it while there is none. */
    private static final class ScriptedManager implements ClusterManager {
        final BlockingQueue<RoutingRequest> asked = new LinkedBlockingQueue<>();
        private final SynchronousQueue<Supplier<RoutingReply>> answers = new SynchronousQueue<>();

        void answer(Supplier<RoutingReply> answer) throws InterruptedException {
            answers.put(answer);
        }

        @Override
        public RoutingReply routing(RoutingRequest request) {
            asked.add(request);
            try {
                return answers.take().get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RpcException(StatusCode.CANCELLED, "interrupted", e);
            }
        }

        @Override
        public HeartbeatReply heartbeat(HeartbeatRequest request) {
            throw new AssertionError("a follower sends no heartbeats");
        }

        @Override
        public StatusReply status() {
            throw new AssertionError("a follower asks for routing only");
        }
    }
}
