package dev.weft.meta.operations;

import dev.weft.api.meta.Layout;

/** How long a file may be. */
final class Lengths {
    /** The chunks of a file are numbered by an int. */
    private static final long CHUNKS_MAX = 1L << 31;

    private Lengths() {}

    static long max(Layout layout) {
        return layout.chunkSize() * CHUNKS_MAX;
    }
}
