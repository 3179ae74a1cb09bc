package dev.weft.cli.torture;

import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ReadResult;
import dev.weft.api.storage.UpdateReply;
import dev.weft.client.ChunkClient;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A chunk with what its writer did to it. Changes of a chunk are atomic, so a read sees exactly one of its states. */
final class TrackedChunk {
    static final int BLOCKS = 32;
    static final int BYTES = BLOCKS * Blocks.BYTES;

    final int chainId;
    final ChunkId id;
    final Timeline<State> timeline = new Timeline<>(State.ABSENT);
    private final Blocks blocks;

    /** Of the last change. Used by the writer only. */
    private long generation;

    TrackedChunk(int chainId, ChunkId id, Blocks blocks) {
        this.chainId = chainId;
        this.id = id;
        this.blocks = blocks;
    }

    /**
     * What is in a chunk.
     *
     * @param generations of its blocks from the first one on; empty if there is no chunk
     */
    record State(Optional<List<Long>> generations) {
        static final State ABSENT = new State(Optional.empty());

        static State of(long[] generations) {
            return new State(Optional.of(Arrays.stream(generations).boxed().toList()));
        }

        int length() {
            return generations.map(List::size).orElse(0);
        }

        private long[] copy(int length) {
            long[] copy = new long[length];
            List<Long> old = generations.orElse(List.of());
            for (int i = 0; i < Math.min(length, old.size()); i++) {
                copy[i] = old.get(i);
            }
            return copy;
        }

        State written(int from, int count, long generation) {
            long[] next = copy(Math.max(length(), from + count));
            Arrays.fill(next, from, from + count, generation);
            return of(next);
        }

        State truncated(int length) {
            return of(copy(length));
        }

        /** Whether a read of a range sees this. */
        private boolean shows(int from, List<Long> seen, int length) {
            List<Long> all = generations.orElse(List.of());
            return length == all.size()
                    && seen.equals(all.subList(Math.min(from, all.size()), Math.min(from + seen.size(), all.size())));
        }
    }

    /** Writes a new generation of some blocks. As all changes: by the only writer, and in doubt if it fails. */
    void write(ChunkClient client, int from, int count) throws IOException, InterruptedException {
        long next = ++generation;
        byte[] bytes = blocks.of(thing(), from, count * Blocks.BYTES, next);
        change(
                timeline.latest().written(from, count, next),
                () -> client.write(chainId, id, BYTES, from * Blocks.BYTES, bytes));
    }

    /** Makes it so many blocks long. */
    void truncate(ChunkClient client, int length) throws IOException, InterruptedException {
        change(timeline.latest().truncated(length), () -> client.truncate(chainId, id, BYTES, length * Blocks.BYTES));
    }

    void remove(ChunkClient client) throws IOException, InterruptedException {
        change(State.ABSENT, () -> client.remove(chainId, id));
    }

    private interface Change {
        UpdateReply make() throws IOException, InterruptedException;
    }

    private void change(State after, Change change) throws IOException, InterruptedException {
        timeline.begin(after);
        boolean acknowledged = false;
        try {
            change.make();
            acknowledged = true;
        } finally {
            if (acknowledged) {
                timeline.acknowledged();
            } else {
                timeline.inDoubt();
            }
        }
    }

    private long thing() {
        return id.inodeId() + id.index();
    }

    /**
     * Judges a read of blocks, and takes note of what it saw.
     *
     * @param read begun before the request was sent, and not closed
     * @throws WrongBytesException if no state that it may have seen explains the result
     */
    void judge(Timeline<State>.Read read, int from, int count, ReadResult result) throws WrongBytesException {
        List<State> candidates = read.candidates();
        int match = switch (result) {
            case ReadResult.NotFound() -> candidates.indexOf(State.ABSENT);
            case ReadResult.Found found -> match(candidates, from, count, found);
            case ReadResult.Failed(var fault) -> throw new IllegalArgumentException("not a result: " + fault);
        };
        if (match < 0) {
            throw new WrongBytesException("chunk " + id + " on chain " + chainId + ", blocks " + from + " to "
                    + (from + count - 1) + ": saw " + describe(from, result) + ", could be " + candidates);
        }
        read.saw(match);
    }

    private int match(List<State> candidates, int from, int count, ReadResult.Found found) throws WrongBytesException {
        if (found.chunkLength() % Blocks.BYTES != 0) {
            return -1;
        }
        int length = found.chunkLength() / Blocks.BYTES;
        List<Long> seen = generations(from, found);
        if (seen.size() != Math.clamp(length - from, 0, count)) {
            return -1;
        }
        for (int i = 0; i < candidates.size(); i++) {
            if (candidates.get(i).generations().isPresent() && candidates.get(i).shows(from, seen, length)) {
                return i;
            }
        }
        return -1;
    }

    private List<Long> generations(int from, ReadResult.Found found) throws WrongBytesException {
        Long[] seen = new Long[(found.length() + Blocks.BYTES - 1) / Blocks.BYTES];
        for (int i = 0; i < seen.length; i++) {
            int at = i * Blocks.BYTES;
            MemorySegment block = found.bytes().asSlice(at, Math.min(Blocks.BYTES, found.length() - at));
            Blocks.Block one = blocks.look(block, thing(), from + i);
            if (one.cut()) {
                throw new WrongBytesException("chunk " + id + ": block " + (from + i) + " is torn");
            }
            seen[i] = one.generation();
        }
        return List.of(seen);
    }

    private String describe(int from, ReadResult result) throws WrongBytesException {
        return result instanceof ReadResult.Found found
                ? "generations " + generations(from, found) + " of " + found.chunkLength() + " bytes, version "
                        + found.version()
                : "no chunk";
    }
}
