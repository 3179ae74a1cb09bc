package dev.weft.cli.torture;

import java.util.List;

/**
 * A file with what its writer did to it. A file is written chunk by chunk, so while a change is in progress a read may see
 * blocks of before and after it, and zeros; while there is none it sees exactly what was acknowledged.
 */
final class TrackedFile {
    final String path;
    final Timeline<State> timeline = new Timeline<>(State.ABSENT);
    private final long thing;
    private final Blocks blocks;

    /** Of the last change. Used by the writer only. */
    private long generation;

    TrackedFile(String path, long thing, Blocks blocks) {
        this.path = path;
        this.thing = thing;
        this.blocks = blocks;
    }

    /**
     * What is in a file.
     *
     * @param length in bytes; -1 if there is no file
     * @param generation of all its blocks
     */
    record State(long length, long generation) {
        static final State ABSENT = new State(-1, Blocks.ZEROS);
    }

    /**
     * What a read found.
     *
     * @param length in bytes; -1 if there is no file
     * @param blocks of it; one may be cut where the file was longer for the reader than for the writer
     */
    record Seen(long length, List<Blocks.Block> blocks) {
        static final Seen ABSENT = new Seen(-1, List.of());

        private boolean shows(State state) {
            return length == state.length
                    && blocks.stream().allMatch(each -> !each.cut() && each.generation() == state.generation);
        }

        private boolean isMixOf(List<State> states) {
            return length >= 0
                    && states.stream().anyMatch(state -> length <= state.length)
                    && blocks.stream()
                            .allMatch(each -> each.generation() == Blocks.ZEROS
                                    || states.stream().anyMatch(state -> each.generation() == state.generation));
        }
    }

    long nextGeneration() {
        return ++generation;
    }

    byte[] bytes(int firstBlock, int length, long generation) {
        return blocks.of(thing, firstBlock, length, generation);
    }

    Blocks blocks() {
        return blocks;
    }

    long thing() {
        return thing;
    }

    /**
     * Judges a read of the whole file.
     *
     * @throws WrongBytesException if no state that it may have seen explains it
     */
    void judge(Timeline<State>.Read read, Seen seen) throws WrongBytesException {
        List<State> candidates = read.candidates();
        boolean exact = candidates.size() == 1;
        boolean right = candidates.stream().anyMatch(seen::shows) || (!exact && seen.isMixOf(candidates));
        if (!right) {
            throw new WrongBytesException("file " + path + ": saw " + seen.length + " bytes, "
                    + seen.blocks.stream().distinct().toList() + ", could be " + candidates);
        }
    }
}
