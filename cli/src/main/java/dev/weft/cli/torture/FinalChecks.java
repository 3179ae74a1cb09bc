package dev.weft.cli.torture;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkListReply;
import dev.weft.api.storage.ChunkListRequest;
import dev.weft.api.storage.ChunkStat;
import dev.weft.api.storage.StorageException;
import dev.weft.client.ReplicaChoice;
import dev.weft.client.WeftFileSystem;
import dev.weft.rpc.Clock;
import dev.weft.rpc.RpcException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What has to be so once nobody writes any more. For one thread. */
final class FinalChecks {
    private static final int REPLICAS = 3;
    private static final int PAGE = 500;

    /** The metadata service removes chunks in the background, and tries again what failed. */
    private static final Duration SETTLING = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(500);

    private final ClusterView view;
    private final WeftFileSystem files;
    private final Processes processes;
    private final Ledger ledger;
    private final Consumer<String> say;

    FinalChecks(ClusterView view, WeftFileSystem files, Processes processes, Ledger ledger, Consumer<String> say) {
        this.view = view;
        this.files = files;
        this.processes = processes;
        this.ledger = ledger;
        this.say = say;
    }

    /** All of it; the storage processes are stopped after it. */
    void run() throws InterruptedException {
        int read = 0;
        for (int replica = 0; replica < REPLICAS; replica++) {
            ReplicaChoice choice = new ReplicaChoice.Position(replica);
            for (TrackedChunk chunk : ledger.chunks.all()) {
                check("chunk " + chunk.id, replica, () -> {
                    ChunkReads.read(view.chunks(), chunk, 0, TrackedChunk.BLOCKS, choice);
                    return 0;
                });
                read++;
            }
            for (TrackedFile file : ledger.files.all()) {
                check("file " + file.path, replica, () -> {
                    FileReads.read(files, file, choice);
                    return 0;
                });
                read++;
            }
        }
        say.accept("read " + read + " chunks and files again, each from every replica");
        compareReplicas();
        verifyDisks();
    }

    private interface Check {
        int run() throws IOException, InterruptedException, WrongBytesException;
    }

    private void check(String what, int replica, Check check) throws InterruptedException {
        try {
            check.run();
        } catch (IOException e) {
            ledger.wrong(what + " cannot be read from replica " + replica + " although nothing is wrong any more: "
                    + e.getMessage());
        } catch (WrongBytesException e) {
            ledger.wrong("replica " + replica + ": " + e.getMessage());
        }
    }

    /** All replicas list the same chunks, at the latest when the metadata service has made good what its end cut short. */
    private void compareReplicas() throws InterruptedException {
        Clock clock = view.environment().clock();
        long deadline = clock.nanoTime() + SETTLING.toNanos();
        List<String> differences = differences();
        while (!differences.isEmpty() && deadline - clock.nanoTime() > 0) {
            clock.sleep(POLL);
            differences = differences();
        }
        differences.forEach(ledger::wrong);
        say.accept("compared the replicas of " + view.routing().chains().size() + " chains");
    }

    private List<String> differences() {
        Set<Long> settled = settled();
        List<String> differences = new ArrayList<>();
        Routing routing = view.routing();
        for (Chain chain : routing.chains()) {
            List<Map<ChunkId, ChunkStat>> replicas = new ArrayList<>();
            for (ChainTarget target : chain.targets()) {
                try {
                    replicas.add(stats(routing, chain, target));
                } catch (StorageException | RpcException e) {
                    differences.add("target " + target.targetId() + " does not list its chunks: " + e.getMessage());
                }
            }
            compare(chain, replicas, settled, differences);
        }
        return differences;
    }

    /** The inodes whose last change was acknowledged. */
    private Set<Long> settled() {
        Set<Long> inodes = new HashSet<>();
        for (TrackedChunk chunk : ledger.chunks.all()) {
            if (!chunk.timeline.hasEnded()) {
                inodes.add(chunk.id.inodeId());
            }
        }
        for (TrackedFile file : ledger.files.all()) {
            if (!file.timeline.hasEnded() && file.timeline.latest().length() >= 0) {
                try {
                    inodes.add(files.stat(file.path).inodeId());
                } catch (IOException e) {
                    ledger.wrong("no inode of " + file.path + ": " + e.getMessage());
                }
            }
        }
        return inodes;
    }

    /** A change in doubt may be pending at some replicas and made at others, until somebody changes the chunk again. */
    private static void compare(
            Chain chain, List<Map<ChunkId, ChunkStat>> replicas, Set<Long> settled, List<String> differences) {
        Set<ChunkId> all = new HashSet<>();
        replicas.forEach(replica -> all.addAll(replica.keySet()));
        for (ChunkId id : all) {
            List<Optional<ChunkStat>> stats = replicas.stream()
                    .map(replica -> Optional.ofNullable(replica.get(id)))
                    .toList();
            boolean pending = stats.stream().flatMap(Optional::stream).anyMatch(ChunkStat::pending);
            boolean excused = pending && !settled.contains(id.inodeId());
            if (stats.stream().distinct().count() > 1 && !excused) {
                differences.add("the replicas " + chain.targets() + " of chunk " + id + " differ: " + stats);
            }
        }
    }

    private Map<ChunkId, ChunkStat> stats(Routing routing, Chain chain, ChainTarget target) throws StorageException {
        ChainRef ref = new ChainRef(chain.chainId(), chain.version());
        Map<ChunkId, ChunkStat> all = new HashMap<>();
        Optional<ChunkId> after = Optional.empty();
        boolean more = true;
        while (more) {
            ChunkListReply page = view.storage(routing.node(target.nodeId()).orElseThrow())
                    .listChunks(new ChunkListRequest(ref, target.targetId(), after, PAGE));
            page.chunks().forEach(stat -> all.put(stat.chunk(), stat));
            more = page.more() && !page.chunks().isEmpty();
            after = page.chunks().isEmpty()
                    ? Optional.empty()
                    : Optional.of(page.chunks().getLast().chunk());
        }
        return all;
    }

    /** Stops the storage processes and has {@code weft storage fsck} look at each disk. */
    private void verifyDisks() throws InterruptedException {
        List<String> sound = new ArrayList<>();
        for (ServerProcess server : processes.storage) {
            Path report = server.log().resolveSibling(server.name() + "-fsck.log");
            try {
                if (!server.stop()) {
                    ledger.wrong(server.name() + " did not stop when it was asked to");
                }
                int code = server.run(
                        List.of("storage", "fsck", "--data", server.data().toString()), report);
                if (code == 0) {
                    sound.add(server.name());
                } else {
                    ledger.wrong(
                            "fsck of " + server.name() + " ended with code " + code + ":\n" + Files.readString(report));
                }
            } catch (IOException e) {
                ledger.wrong("fsck of " + server.name() + " failed: " + e.getMessage());
            }
        }
        say.accept("fsck: sound are the disks of " + String.join(", ", sound));
    }
}
