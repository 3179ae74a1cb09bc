package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvSendWR;
import dev.weft.rpc.Buffer;
import dev.weft.rpc.RemoteMemory;
import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.TransferBatch;
import dev.weft.rpc.rdma.WatchedVerbs.Piece;
import dev.weft.rpc.rdma.WatchedVerbs.Post;
import dev.weft.rpc.rdma.WatchedVerbs.Request;
import dev.weft.rpc.testkit.EchoRequest;
import dev.weft.rpc.testkit.Pattern;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What the transport makes of transfers and messages of any size, under any limits, between two simulated hosts. */
final class PostingProperties {
    private static final int BYTES = 1 << 20;
    private static final int SGE_MAX = 16;

    /** One transfer of a batch; without a gap it begins at the peer where the one before it ends. */
    record Part(boolean read, int bytes, boolean gapBefore) {}

    @Provide
    Arbitrary<List<Part>> batch() {
        Arbitrary<Integer> sizes = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 64),
                Arbitraries.just(4096),
                Arbitraries.integers().between(1, 40_000));
        Arbitrary<Boolean> any = Arbitraries.of(true, false);
        Arbitrary<Boolean> seldom = Arbitraries.of(false, false, false, true);
        return Combinators.combine(any, sizes, seldom).as(Part::new).list().ofMaxSize(80);
    }

    @Provide
    Arbitrary<RdmaConfig> config() {
        return Combinators.combine(
                        Arbitraries.integers().between(16, 64),
                        Arbitraries.integers().between(1, 40),
                        Arbitraries.integers().between(1, 2),
                        Arbitraries.integers().between(4096, 50_000),
                        Arbitraries.integers().between(8, 24))
                .as((requests, perPost, rails, stripe, ring) -> RdmaConfig.builder()
                        .requests(requests, Math.min(perPost, requests))
                        .rails(rails, stripe)
                        .ring(ring, 1024)
                        .build());
    }

    @Property(tries = 100)
    void eachByteOfABatchIsMovedOnceWithinTheLimits(
            @ForAll long seed, @ForAll("config") RdmaConfig config, @ForAll("batch") List<Part> parts) {
        AtomicReference<WatchedVerbs> watched = new AtomicReference<>();
        TwoHosts.run(seed, config, verbs -> watch(watched, new WatchedVerbs(verbs)), hosts -> {
            hosts.faults().delay(Duration.ofNanos(1_000), Duration.ofNanos(100_000));
            hosts.service.echo(new EchoRequest("connect", MemorySegment.ofArray(new byte[0])));
            hosts.sleep(500); // until there are all rails
            try (Buffer local = hosts.clientBuffers.acquire(BYTES);
                    Buffer remote = hosts.serverBuffers.acquire(BYTES)) {
                Pattern.fill(local.segment(), seed);
                Pattern.fill(remote.segment(), ~seed);
                Expected expected = new Expected(local.segment(), remote.segment());
                TransferBatch batch = hosts.peer().batch();
                expected.addTo(batch, parts, remote.remote(Access.READ_WRITE));
                List<Post> posts = watched.get().posts();
                posts.clear();
                hosts.within(10_000, batch::execute);
                posts.stream().filter(PostingProperties::isOneSided).forEach(post -> {
                    assertWithin(post, config);
                    expected.moved(post);
                });
                expected.check();
            }
        });
    }

    private static WatchedVerbs watch(AtomicReference<WatchedVerbs> watched, WatchedVerbs verbs) {
        watched.set(verbs);
        return verbs;
    }

    private static boolean isOneSided(Post post) {
        int opcode = post.requests().getFirst().opcode();
        boolean data = opcode == IbvSendWR.IBV_WR_RDMA_READ || opcode == IbvSendWR.IBV_WR_RDMA_WRITE;
        return data && !post.requests().getFirst().pieces().isEmpty();
    }

    private static void assertWithin(Post post, RdmaConfig config) {
        List<Request> requests = post.requests();
        int pieces =
                requests.stream().mapToInt(request -> request.pieces().size()).sum();
        assertTrue(pieces <= config.requestsPerPost(), pieces + " pieces in one post");
        for (int i = 0; i < requests.size(); i++) {
            Request request = requests.get(i);
            assertTrue(!request.pieces().isEmpty() && request.pieces().size() <= SGE_MAX, "pieces of a request");
            assertEquals(
                    i == requests.size() - 1,
                    (request.flags() & IbvSendWR.IBV_SEND_SIGNALED) != 0,
                    "the last alone is signalled");
            for (Piece piece : request.pieces()) {
                assertTrue(piece.bytes() > 0 && piece.bytes() <= config.stripeBytes(), piece.bytes() + " bytes");
            }
        }
    }

    /** What a batch should do, and what became of each byte of the local memory. */
    private static final class Expected {
        private final MemorySegment local;
        private final MemorySegment remote;
        private final byte[] localBefore;
        private final byte[] remoteBefore;
        private final int[] remoteOf = new int[BYTES];
        private final boolean[] read = new boolean[BYTES];
        private final int[] moves = new int[BYTES];

        Expected(MemorySegment local, MemorySegment remote) {
            this.local = local;
            this.remote = remote;
            this.localBefore = local.toArray(ValueLayout.JAVA_BYTE);
            this.remoteBefore = remote.toArray(ValueLayout.JAVA_BYTE);
            Arrays.fill(remoteOf, -1);
        }

        void addTo(TransferBatch batch, List<Part> parts, RemoteMemory memory) {
            int localAt = 0;
            int remoteAt = 0;
            for (Part part : parts) {
                if (localAt + part.bytes > BYTES || remoteAt + part.bytes + 100 > BYTES) {
                    return;
                }
                remoteAt += part.gapBefore ? 100 : 0;
                MemorySegment here = local.asSlice(localAt, part.bytes);
                RemoteMemory there = memory.slice(remoteAt, part.bytes);
                if (part.read) {
                    batch.read(there, here);
                } else {
                    batch.write(here, there);
                }
                for (int at = 0; at < part.bytes; at++) {
                    remoteOf[localAt + at] = remoteAt + at;
                    read[localAt + at] = part.read;
                }
                localAt += part.bytes;
                remoteAt += part.bytes;
            }
        }

        void moved(Post post) {
            for (Request request : post.requests()) {
                long there = request.remoteAddress() - remote.address();
                for (Piece piece : request.pieces()) {
                    int here = (int) (piece.address() - local.address());
                    for (int at = 0; at < piece.bytes(); at++) {
                        assertEquals(there++, remoteOf[here + at], "another byte of the peer");
                        assertEquals(request.opcode() == IbvSendWR.IBV_WR_RDMA_READ, read[here + at]);
                        moves[here + at]++;
                    }
                }
            }
        }

        void check() {
            byte[] localAfter = localBefore.clone();
            byte[] remoteAfter = remoteBefore.clone();
            for (int at = 0; at < BYTES; at++) {
                int there = remoteOf[at];
                assertEquals(there < 0 ? 0 : 1, moves[at], "moves of a byte");
                if (there >= 0 && read[at]) {
                    localAfter[at] = remoteBefore[there];
                } else if (there >= 0) {
                    remoteAfter[there] = localBefore[at];
                }
            }
            assertEquals(-1, local.mismatch(MemorySegment.ofArray(localAfter)));
            assertEquals(-1, remote.mismatch(MemorySegment.ofArray(remoteAfter)));
        }
    }

    /** A receiver that is not ready would fail its queue pair at once: no retry is asked of the device. */
    @Property(tries = 60)
    void messagesOfAnySizeBothWaysFindAReceiverThatIsReady(
            @ForAll long seed,
            @ForAll("config") RdmaConfig config,
            @ForAll @IntRange(min = 1, max = 40) int callers,
            @ForAll @Size(min = 1, max = 30) List<@IntRange(max = 1500) Integer> sizes) {
        TwoHosts.run(seed, config, hosts -> {
            hosts.faults().delay(Duration.ofNanos(1_000), Duration.ofNanos(200_000));
            List<Thread> threads = new ArrayList<>();
            List<String> answers = new ArrayList<>();
            for (int caller = 0; caller < callers; caller++) {
                String name = "caller " + caller;
                threads.add(hosts.start(() -> {
                    for (int size : sizes) {
                        MemorySegment bytes = Pattern.bytes(size, size);
                        hosts.within(
                                10_000,
                                () -> assertEquals(
                                        -1,
                                        bytes.mismatch(hosts.service
                                                .echo(new EchoRequest(name, bytes))
                                                .bytes())));
                    }
                    answers.add(name); // one thread at a time runs in a simulation
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(callers, answers.size());
            assertEquals(0, hosts.clientCount("queue-pair-failures"));
            assertEquals(0, hosts.serverCount("queue-pair-failures"));
        });
    }
}
