package dev.weft.cli.torture;

import dev.weft.client.ReplicaChoice;
import java.io.IOException;
import java.util.Optional;

/** Reads chunks, some from any replica and some from a certain one. */
final class ChunkReads extends Worker {
    private final ClusterView view;
    private final Ledger ledger;

    ChunkReads(int number, long seed, ClusterView view, Ledger ledger, Tally tally) {
        super(number, seed, tally, ledger, view.environment().clock());
        this.view = view;
        this.ledger = ledger;
    }

    @Override
    boolean step() throws IOException, InterruptedException, WrongBytesException {
        Optional<TrackedChunk> any = ledger.chunks.any(random);
        if (any.isEmpty()) {
            return false;
        }
        TrackedChunk chunk = any.get();
        int replicas = view.routing().serving(chunk.chainId).size();
        ReplicaChoice choice = replicas > 0 && random.nextInt(3) == 0
                ? new ReplicaChoice.Position(random.nextInt(replicas))
                : new ReplicaChoice.Any();
        int from = random.nextInt(3) == 0 ? random.nextInt(TrackedChunk.BLOCKS) : 0;
        int count = 1 + random.nextInt(TrackedChunk.BLOCKS - from);
        read(view, chunk, from, count, choice);
        return true;
    }

    static void read(ClusterView view, TrackedChunk chunk, int from, int count, ReplicaChoice choice)
            throws IOException, InterruptedException, WrongBytesException {
        try (var read = chunk.timeline.read()) {
            var result = view.chunks().read(chunk.chainId, chunk.id, from * Blocks.BYTES, count * Blocks.BYTES, choice);
            chunk.judge(read, from, count, result);
        }
    }
}
