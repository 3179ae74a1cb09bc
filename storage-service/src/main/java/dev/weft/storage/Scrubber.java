package dev.weft.storage;

import dev.weft.api.storage.StorageException;
import dev.weft.rpc.Environment;
import dev.weft.rpc.Pace;
import dev.weft.rpc.RpcException;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.ChunkInfo;
import dev.weft.storage.engine.ChunkKey;
import dev.weft.storage.engine.ChunkReader;
import dev.weft.storage.engine.CorruptedChunkException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads all chunks of the targets that serve, at a modest rate and again and again, and repairs those that the disk has
 * damaged; on a thread of its own. So damage is found while other replicas still have what was lost.
 */
final class Scrubber implements AutoCloseable {
    /** Of the whole node. A terabyte takes a day and a few hours. */
    static final long RATE_DEFAULT = 10 << 20;

    static final long RATE_MAX = 100L << 30;

    private static final System.Logger LOG = System.getLogger(Scrubber.class.getName());

    /** Between two rounds, and between looks at whether there is anything to do. */
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private static final int PAGE = 100;
    private static final int PART_BYTES = 1 << 20;

    private final List<Long> ownTargets;
    private final Targets targets;
    private final ChunkEngine engine;
    private final DataMover mover;
    private final Repair repair;
    private final Counters counters;
    private final Pace pace;
    private final Rounds rounds;

    Scrubber(
            List<Long> ownTargets,
            Targets targets,
            ChunkEngine engine,
            DataMover mover,
            Repair repair,
            Environment environment,
            Counters counters) {
        this.ownTargets = ownTargets;
        this.targets = targets;
        this.engine = engine;
        this.mover = mover;
        this.repair = repair;
        this.counters = counters;
        this.pace = new Pace(environment.clock(), RATE_DEFAULT);
        this.rounds = new Rounds(environment, PAUSE, this::round);
    }

    void start() {
        rounds.start();
    }

    /** Bytes each second; zero stops it. */
    void setRate(long bytesPerSecond) {
        pace.setRate(bytesPerSecond);
    }

    /** What is done each time, on the thread; visible to tests. */
    void round() throws InterruptedException {
        for (long target : ownTargets) {
            scrub(target);
        }
    }

    /** From where the last round, or the last process, has got to up to the target's end. */
    private void scrub(long target) throws InterruptedException {
        try {
            @Nullable ChunkKey after = engine.scrubbed(target).orElse(null);
            List<ChunkInfo> page = engine.list(target, after, PAGE);
            while (!page.isEmpty() && pace.rate() > 0) {
                for (ChunkInfo chunk : page) {
                    targets.current(target);
                    scrub(chunk);
                }
                after = page.getLast().key();
                engine.putScrubbed(target, after);
                page = engine.list(target, after, PAGE);
            }
            if (page.isEmpty() && after != null) {
                engine.putScrubbed(target, null);
                counters.count(Event.TARGET_SCRUBBED);
            }
        } catch (StorageException | RpcException | IOException | UncheckedIOException e) {
            LOG.log(System.Logger.Level.DEBUG, "target " + target + " is not scrubbed now", e);
        }
    }

    private void scrub(ChunkInfo chunk) throws InterruptedException, StorageException {
        try {
            read(chunk.key());
        } catch (CorruptedChunkException e) {
            LOG.log(System.Logger.Level.WARNING, "the scrubber has found damage: {0}", e.getMessage());
            counters.count(Event.SCRUB_FOUND);
            if (repair.repair(chunk.key())) {
                counters.count(Event.SCRUB_REPAIRED);
            }
        } catch (IOException e) {
            // One that cannot be read does not keep us from the others; that the disk fails is noticed elsewhere.
            LOG.log(System.Logger.Level.WARNING, "the scrubber cannot read chunk " + chunk.key(), e);
        }
    }

    private void read(ChunkKey key) throws IOException, InterruptedException {
        try (ChunkReader reader = engine.openCommitted(key)) {
            int length = reader == null ? 0 : reader.version().length();
            for (int from = 0; reader != null && from < length; from += PART_BYTES) {
                int part = Math.min(PART_BYTES, length - from);
                pace.take(part);
                try (DataMover.Block block = mover.acquire(part)) {
                    reader.read(from, block.segment());
                }
                counters.add(Event.SCRUBBED_BYTES, part);
            }
        }
    }

    @Override
    public void close() {
        rounds.close();
    }
}
