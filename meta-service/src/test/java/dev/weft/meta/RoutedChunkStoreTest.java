package dev.weft.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.HeartbeatReply;
import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.RoutingInfo;
import dev.weft.api.cluster.RoutingReply;
import dev.weft.api.cluster.RoutingRequest;
import dev.weft.api.cluster.StatusReply;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.meta.Layout;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Chain 1 is on node 1, chain 2 on node 2; chunk {@code i} of the file is on chain {@code 1 + i % 2}. */
final class RoutedChunkStoreTest {
    private static final int CHUNK = 64 << 10;
    private static final Layout LAYOUT = new Layout(CHUNK, List.of(1, 2));
    private static final long INODE = 42;

    private final FakeStorageService first = new FakeStorageService();
    private final FakeStorageService second = new FakeStorageService();
    private final PostedRouting posted = new PostedRouting();
    private final RoutingFollower follower = new RoutingFollower(posted, Environment.system());
    private RoutedChunkStore chunks = store(Duration.ofMinutes(1));

    private RoutedChunkStore store(Duration patience) {
        Map<Integer, FakeStorageService> nodes = Map.of(1, first, 2, second);
        return new RoutedChunkStore(
                follower,
                node -> Optional.ofNullable(nodes.get(node.nodeId())).orElseThrow(),
                Environment.system(),
                patience);
    }

    @BeforeEach
    void start() throws InterruptedException {
        follower.start();
        post(1, 1);
    }

    @AfterEach
    void stop() {
        follower.close();
    }

    private void post(long version, int chainVersion) throws InterruptedException {
        posted.replies.add(routing(version, chainVersion));
        follower.awaitNewerThan(version - 1, Duration.ofMinutes(1));
    }

    private static RoutingInfo routing(long version, int chainVersion) {
        return new RoutingInfo(
                version,
                List.of(
                        new NodeInfo(1, NodeRole.STORAGE, List.of("tcp://a:1"), true),
                        new NodeInfo(2, NodeRole.STORAGE, List.of("tcp://b:1"), true)),
                List.of(
                        new Chain(1, chainVersion, List.of(new ChainTarget(1000, 1, PublicState.SERVING))),
                        new Chain(2, chainVersion, List.of(new ChainTarget(2000, 2, PublicState.SERVING)))));
    }

    @Test
    void theLengthIsThatOfTheLastChunkOnAnyChain() throws Exception {
        assertEquals(0, chunks.length(INODE, LAYOUT));
        first.chunks.put(0, CHUNK);
        assertEquals(CHUNK, chunks.length(INODE, LAYOUT));
        second.chunks.put(3, 5);
        assertEquals(3L * CHUNK + 5, chunks.length(INODE, LAYOUT));
    }

    @Test
    void truncateCutsTheLastChunkAndRemovesThoseBeyond() throws Exception {
        for (int i = 0; i < 20; i++) {
            (i % 2 == 0 ? first : second).chunks.put(i, CHUNK);
        }
        chunks.truncate(INODE, LAYOUT, 3L * CHUNK + 7);
        assertEquals(Map.of(0, CHUNK, 2, CHUNK), first.chunks);
        assertEquals(Map.of(1, CHUNK, 3, 7), second.chunks);
        chunks.truncate(INODE, LAYOUT, 2L * CHUNK);
        assertEquals(Map.of(0, CHUNK), first.chunks);
        assertEquals(Map.of(1, CHUNK), second.chunks);
        chunks.truncate(INODE, LAYOUT, 0);
        assertTrue(first.chunks.isEmpty() && second.chunks.isEmpty());
    }

    @Test
    void removesSoManyAndGoesOnWhereItWas() throws Exception {
        for (int i = 0; i < 40; i++) {
            (i % 2 == 0 ? first : second).chunks.put(i, CHUNK);
        }
        assertFalse(chunks.remove(INODE, LAYOUT, 4));
        assertEquals(16, first.chunks.size());
        assertEquals(16, second.chunks.size());
        int turns = 1;
        while (!chunks.remove(INODE, LAYOUT, 4)) {
            turns++;
        }
        assertEquals(4, turns);
        assertTrue(first.chunks.isEmpty() && second.chunks.isEmpty());
    }

    @Test
    void truncateBeyondTheEndMakesTheLastChunk() throws Exception {
        chunks.truncate(INODE, LAYOUT, 5L * CHUNK);
        assertEquals(Map.of(4, CHUNK), first.chunks);
        assertEquals(5L * CHUNK, chunks.length(INODE, LAYOUT));
    }

    @Test
    void aLostCallIsRepeatedWithTheSameTag() throws Exception {
        first.failures.add(new RpcException(StatusCode.UNAVAILABLE, "removal"));
        first.updateFailures.add(new RpcException(StatusCode.CONNECTION_LOST, "first"));
        first.updateFailures.add(new RpcException(StatusCode.CONNECTION_LOST, "second"));
        chunks.truncate(INODE, LAYOUT, 10);
        assertEquals(10, first.chunks.get(0));
        assertEquals(3, first.tags.size());
        assertEquals(1, first.tags.stream().distinct().count());
        for (int i = 0; i < 200; i++) {
            chunks.truncate(INODE, LAYOUT, 5);
        }
        assertEquals(201, first.tags.stream().distinct().count(), "each write has a tag of its own");
    }

    @Test
    void aChainThatHasMovedOnIsFoundByNewerRouting() throws Exception {
        first.chainVersion = 2;
        second.chainVersion = 2;
        first.chunks.put(0, 9);
        posted.replies.add(routing(2, 2));
        assertEquals(9, chunks.length(INODE, LAYOUT));
    }

    @Test
    void givesUpWhenPatienceIsOver() {
        chunks = store(Duration.ofMillis(1));
        first.chainVersion = 9;
        RpcException refused = assertThrows(RpcException.class, () -> chunks.length(INODE, LAYOUT));
        assertEquals(StatusCode.UNAVAILABLE, refused.code());
    }

    @Test
    void doesNotRepeatWhatCannotHelp() {
        first.failures.add(new RpcException(StatusCode.PERMISSION_DENIED, "no"));
        RpcException refused = assertThrows(RpcException.class, () -> chunks.remove(INODE, LAYOUT, 10));
        assertEquals(StatusCode.PERMISSION_DENIED, refused.code());
    }

    /** Answers each question with the next routing that the test has posted. */
    private static final class PostedRouting implements ClusterManager {
        final BlockingQueue<RoutingInfo> replies = new LinkedBlockingQueue<>();

        @Override
        public RoutingReply routing(RoutingRequest request) {
            try {
                return new RoutingReply(Optional.of(replies.take()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RpcException(StatusCode.CANCELLED, "interrupted", e);
            }
        }

        @Override
        public HeartbeatReply heartbeat(HeartbeatRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public StatusReply status() {
            throw new UnsupportedOperationException();
        }
    }
}
