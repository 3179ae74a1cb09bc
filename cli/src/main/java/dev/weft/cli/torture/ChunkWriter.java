package dev.weft.cli.torture;

import dev.weft.api.cluster.Chain;
import dev.weft.api.storage.ChunkId;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Writes, overwrites, lengthens, shortens and removes parts of chunks of its own. */
final class ChunkWriter extends Worker {
    private static final int CHUNKS = 24;

    /** Those whose last change is in doubt are kept for readers, the newest of them. */
    private static final int DOUBTFUL_MAX = 50;

    /** Far from what the metadata service gives to files. */
    private static final long FIRST_ID = 0x7EF7_0000_0000_0000L;

    private final ClusterView view;
    private final Ledger ledger;
    private final Blocks blocks;
    private final Optional<TrackedChunk>[] own;
    private final Deque<TrackedChunk> doubtful = new ArrayDeque<>();
    private long nextId;

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    ChunkWriter(int number, long seed, ClusterView view, Ledger ledger, Blocks blocks, Tally tally) {
        super(number, seed, tally, ledger, view.environment().clock());
        this.view = view;
        this.ledger = ledger;
        this.blocks = blocks;
        this.own = new Optional[CHUNKS];
        Arrays.fill(own, Optional.empty());
        this.nextId = FIRST_ID + ((long) number << 32);
    }

    @Override
    boolean step() throws IOException, InterruptedException {
        int slot = random.nextInt(CHUNKS);
        Optional<TrackedChunk> chunk = own[slot];
        if (chunk.isEmpty()) {
            chunk = fresh();
            own[slot] = chunk;
        }
        if (chunk.isEmpty()) {
            return false;
        }
        try {
            change(chunk.get());
            return true;
        } catch (IOException e) {
            own[slot] = Optional.empty();
            retire(chunk.get());
            throw e;
        }
    }

    private Optional<TrackedChunk> fresh() {
        List<Chain> chains = view.routing().chains();
        if (chains.isEmpty()) {
            return Optional.empty();
        }
        int chain = chains.get(random.nextInt(chains.size())).chainId();
        TrackedChunk chunk = new TrackedChunk(chain, new ChunkId(nextId++, 0), blocks);
        ledger.chunks.add(chunk);
        return Optional.of(chunk);
    }

    private void change(TrackedChunk chunk) throws IOException, InterruptedException {
        int dice = random.nextInt(100);
        int length = chunk.timeline.latest().length();
        if (dice < 85 || length == 0) {
            // Half of the writes within what is there, the others at its end or behind it.
            boolean within = length > 0 && random.nextBoolean();
            int from = random.nextInt(within ? length : Math.min(length + 2, TrackedChunk.BLOCKS));
            chunk.write(view.chunks(), from, 1 + random.nextInt(Math.min(12, TrackedChunk.BLOCKS - from)));
        } else if (dice < 96) {
            chunk.truncate(view.chunks(), 1 + random.nextInt(TrackedChunk.BLOCKS));
        } else {
            chunk.remove(view.chunks());
        }
    }

    /** Readers go on reading it; the oldest of many makes room. */
    private void retire(TrackedChunk chunk) {
        doubtful.addLast(chunk);
        if (doubtful.size() > DOUBTFUL_MAX) {
            ledger.chunks.remove(doubtful.removeFirst());
        }
    }
}
