package dev.weft.cli.torture;

import dev.weft.api.cluster.Chain;
import dev.weft.api.storage.ChunkId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * New chunks for a disk that is full, so that what it had set aside is used up too and it has to refuse. They are checked as all
 * others are, and removed once there is space again. For one thread.
 */
final class Glut {
    private static final int CHUNKS_MAX = 1000;

    /** Apart from those of the writers. */
    private static final long FIRST_ID = 0x7EF8_0000_0000_0000L;

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final ClusterView view;
    private final Ledger ledger;
    private final Blocks blocks;
    private final List<TrackedChunk> chunks = new ArrayList<>();

    Glut(ClusterView view, Ledger ledger, Blocks blocks) {
        this.view = view;
        this.ledger = ledger;
        this.blocks = blocks;
    }

    /**
     * Writes until a write fails or the time is over.
     *
     * @return why it failed, or how much was written
     */
    String write(int nodeId, long untilNanos) throws InterruptedException {
        while (untilNanos - view.environment().clock().nanoTime() > 0 && chunks.size() < CHUNKS_MAX) {
            List<Chain> chains = view.routing().chains().stream()
                    .filter(chain -> chain.targets().stream().anyMatch(target -> target.nodeId() == nodeId))
                    .toList();
            if (chains.isEmpty()) {
                return "no chain";
            }
            int number = COUNT.incrementAndGet();
            TrackedChunk chunk = new TrackedChunk(
                    chains.get(number % chains.size()).chainId(), new ChunkId(FIRST_ID + number, 0), blocks);
            chunks.add(chunk);
            ledger.chunks.add(chunk);
            try {
                chunk.write(view.chunks(), 0, TrackedChunk.BLOCKS);
            } catch (IOException e) {
                return "'" + Worker.reason(e) + "' after " + chunks.size() + " new chunks";
            }
        }
        return chunks.size() + " new chunks, none refused";
    }

    /** Removes what was written. What is in doubt stays, for readers. */
    void remove() throws InterruptedException {
        for (TrackedChunk chunk : chunks) {
            try {
                if (!chunk.timeline.hasEnded()) {
                    chunk.remove(view.chunks());
                    ledger.chunks.remove(chunk);
                }
            } catch (IOException e) {
                System.getLogger(Glut.class.getName())
                        .log(System.Logger.Level.DEBUG, () -> "no removal of " + chunk.id, e);
            }
        }
    }
}
