package dev.weft.kv.ratis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.kv.Bytes;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.RemoteKeyValueStore;
import dev.weft.kv.StoreAdmin;
import dev.weft.kv.StoreAdminRpc;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.StoreServiceRpc;
import dev.weft.kv.StoreStatus;
import dev.weft.kv.Transaction;
import dev.weft.rpc.ClientConfig;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RetryPolicy;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three peers in three processes, under load: the one that leads is killed, again and again. */
final class LeaderKillTest {
    private static final int THREADS = 8;
    private static final int ROUNDS = 3;

    /** Commits before each kill, and after the last one. */
    private static final int COMMITS = 400;

    /** No promise of speed, but a stall this long means that nobody took over. */
    private static final Duration STALL_MAX = Duration.ofSeconds(45);

    @TempDir
    Path folder;

    private final Environment environment = Environment.system();
    private final RpcClient client = RpcClient.builder()
            .config(ClientConfig.defaults().withRetry(RetryPolicy.none()))
            .build();
    private final Map<String, PeerProcess> processes = new TreeMap<>();

    /** Times of acknowledged commits, of all threads. */
    private final ConcurrentLinkedQueue<Long> acknowledgedAt = new ConcurrentLinkedQueue<>();

    private final AtomicLongArray acknowledged = new AtomicLongArray(THREADS);
    private final AtomicLong commits = new AtomicLong();
    private volatile boolean stopping;

    @Test
    @Timeout(300)
    void killingTheLeaderUnderLoadLosesNoAcknowledgedCommit() throws Exception {
        List<RatisPeer> peers = LocalPeers.freePeers(1, 3);
        for (RatisPeer peer : peers) {
            start(peer.id(), peers, "tcp://127.0.0.1:0");
        }
        try (client;
                KeyValueStore store = remote()) {
            List<Thread> threads = load(store);
            awaitAllPeers();
            for (int round = 0; round < ROUNDS; round++) {
                awaitCommits(COMMITS);
                String leader = leader();
                PeerProcess killed = Objects.requireNonNull(processes.get(leader));
                long at = System.nanoTime();
                killed.kill();
                awaitCommits(COMMITS);
                report(leader, at);
                start(leader, peers, killed.address);
            }
            stopping = true;
            for (Thread thread : threads) {
                thread.join();
            }
            checkNothingIsLost(store);
        } finally {
            processes.values().forEach(PeerProcess::close);
        }
    }

    private void start(String id, List<RatisPeer> peers, String listen) throws Exception {
        processes.put(id, PeerProcess.start(folder.resolve(id), id, peers, listen));
    }

    private KeyValueStore remote() {
        return new RemoteKeyValueStore(
                processes.values().stream()
                        .map(process -> client.stub(StoreServiceRpc.SERVICE, process.address))
                        .toList(),
                StoreLimits.defaults(),
                environment);
    }

    private List<Thread> load(KeyValueStore store) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            threads.add(Thread.ofVirtual().start(() -> write(store, number)));
        }
        return threads;
    }

    private void write(KeyValueStore store, int thread) {
        for (long round = 1; !stopping; round++) {
            Bytes value = Bytes.ofLong(round);
            try {
                store.run(tx -> {
                    tx.get(key(thread, 0));
                    tx.put(key(thread, 0), value);
                    tx.put(key(thread, 1), value);
                    return 0;
                });
                acknowledged.set(thread, round);
                acknowledgedAt.add(System.nanoTime());
                commits.incrementAndGet();
            } catch (RpcException e) {
                // Not acknowledged, so nothing is promised; the next round writes over it.
                System.out.println("thread " + thread + ": " + e.getMessage());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static Bytes key(int thread, int half) {
        return Bytes.ofUtf8("thread/" + thread + "/" + half);
    }

    private void awaitCommits(int more) {
        long wanted = commits.get() + more;
        LocalPeers.await("commits stand still", () -> commits.get() >= wanted);
    }

    /** One with an empty log may have lost its disk, so Ratis does not count its vote: until then the others are a must. */
    private void awaitAllPeers() {
        LocalPeers.await(
                "a peer has been left without the log",
                () -> processes.values().stream()
                        .allMatch(process -> status(process)
                                .filter(status -> status.appliedIndex() > 0)
                                .isPresent()));
    }

    private String leader() {
        String[] found = {""};
        LocalPeers.await("nobody leads", () -> {
            processes.forEach((id, process) -> {
                if (status(process).filter(StoreStatus::leads).isPresent()) {
                    found[0] = id;
                }
            });
            return !found[0].isEmpty();
        });
        return found[0];
    }

    private Optional<StoreStatus> status(PeerProcess process) {
        try {
            StoreAdmin admin = client.stub(StoreAdminRpc.SERVICE, process.address);
            return Optional.of(admin.status());
        } catch (RpcException e) {
            return Optional.empty();
        }
    }

    /** Prints the longest time without an acknowledged commit around a kill. */
    private void report(String leader, long killedAt) {
        long longest = 0;
        long before = killedAt;
        for (long at : acknowledgedAt.stream().sorted().toList()) {
            if (at - killedAt > 0) {
                longest = Math.max(longest, at - before);
                before = at;
            }
        }
        System.out.println(String.format(
                Locale.ROOT,
                "killed leader %s: commits stood still for %d ms (target 3000 ms)",
                leader,
                Duration.ofNanos(longest).toMillis()));
        assertTrue(longest < STALL_MAX.toNanos(), "commits stood still for " + Duration.ofNanos(longest));
        acknowledgedAt.clear();
    }

    private void checkNothingIsLost(KeyValueStore store) {
        try (Transaction transaction = store.begin()) {
            for (int thread = 0; thread < THREADS; thread++) {
                long first = transaction
                        .get(key(thread, 0))
                        .map(value -> value.longAt(0))
                        .orElse(0L);
                long second = transaction
                        .get(key(thread, 1))
                        .map(value -> value.longAt(0))
                        .orElse(0L);
                assertTrue(first == second, "half of a commit: " + first + " and " + second);
                assertTrue(
                        first >= acknowledged.get(thread),
                        "thread " + thread + ": acknowledged " + acknowledged.get(thread) + ", found " + first);
            }
        }
        System.out.println(commits.get() + " commits acknowledged, none lost");
    }
}
