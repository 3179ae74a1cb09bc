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
import dev.weft.rpc.RpcException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What has to be so once nobody writes any more. For one thread. */
final class FinalChecks {
    private static final int REPLICAS = 3;
    private static final int PAGE = 500;

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
                    ChunkReads.read(view, chunk, 0, TrackedChunk.BLOCKS, choice);
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

    /** All replicas list the same chunks. What is in doubt may be pending at some. */
    private void compareReplicas() {
        Set<ChunkId> doubtful = ledger.chunks.all().stream()
                .filter(chunk -> chunk.timeline.hasEnded())
                .map(chunk -> chunk.id)
                .collect(Collectors.toSet());
        Routing routing = view.routing();
        int listed = 0;
        for (Chain chain : routing.chains()) {
            Optional<Map<ChunkId, ChunkStat>> first = Optional.empty();
            for (ChainTarget target : chain.targets()) {
                try {
                    Map<ChunkId, ChunkStat> stats = stats(routing, chain, target);
                    listed += stats.size();
                    compare(chain, target, first.orElse(stats), stats, doubtful);
                    first = first.or(() -> Optional.of(stats));
                } catch (StorageException | RpcException e) {
                    ledger.wrong("target " + target.targetId() + " does not list its chunks: " + e.getMessage());
                }
            }
        }
        say.accept("compared the replicas of " + routing.chains().size() + " chains, " + listed + " chunks in all");
    }

    private void compare(
            Chain chain,
            ChainTarget target,
            Map<ChunkId, ChunkStat> expected,
            Map<ChunkId, ChunkStat> stats,
            Set<ChunkId> doubtful) {
        Map<ChunkId, ChunkStat> all = new HashMap<>(expected);
        all.putAll(stats);
        for (ChunkId id : all.keySet()) {
            ChunkStat one = expected.get(id);
            ChunkStat other = stats.get(id);
            boolean same = one == null ? other == null : one.equals(other);
            if (!same && !doubtful.contains(id)) {
                ledger.wrong("chunk " + id + " of chain " + chain.chainId() + " is " + one + " at the head, but "
                        + other + " at target " + target.targetId());
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
