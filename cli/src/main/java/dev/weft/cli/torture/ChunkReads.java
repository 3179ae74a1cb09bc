package dev.weft.cli.torture;

import dev.weft.client.ChunkClient;
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
        int from = random.nextInt(3) == 0 ? random.nextInt(TrackedChunk.BLOCKS) : 0;
        int count = 1 + random.nextInt(TrackedChunk.BLOCKS - from);
        if (replicas > 0 && random.nextInt(3) == 0) {
            try {
                read(view.impatientChunks(), chunk, from, count, new ReplicaChoice.Position(random.nextInt(replicas)));
                return true;
            } catch (IOException e) {
                // That replica has gone, which is no failure; others are there.
                System.getLogger(ChunkReads.class.getName())
                        .log(System.Logger.Level.DEBUG, () -> "no read from one replica of " + chunk.id, e);
            }
        }
        read(view.chunks(), chunk, from, count, new ReplicaChoice.Any());
        return true;
    }

    static void read(ChunkClient client, TrackedChunk chunk, int from, int count, ReplicaChoice choice)
            throws IOException, InterruptedException, WrongBytesException {
        try (var read = chunk.timeline.read()) {
            var result = client.read(chunk.chainId, chunk.id, from * Blocks.BYTES, count * Blocks.BYTES, choice);
            chunk.judge(read, from, count, result);
        }
    }
}
