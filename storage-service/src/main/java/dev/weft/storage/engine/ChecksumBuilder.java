package dev.weft.storage.engine;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Checksums of a version, made from its bytes piece by piece, each looked at once. For one thread. */
final class ChecksumBuilder {
    private final Map<Integer, int[]> spans = new TreeMap<>();
    private int[] span;
    private int whole;
    private int tail;
    private int length;

    ChecksumBuilder() {
        this(0, 0, 0, new int[0]);
    }

    /**
     * Continues a version.
     *
     * @param span checksums of the whole blocks of its last span
     */
    ChecksumBuilder(int length, int whole, int tail, int[] span) {
        this.length = length;
        this.whole = whole;
        this.tail = tail;
        this.span = Arrays.copyOf(span, BlockChecksums.SPAN_BLOCKS);
    }

    /** The span in which a version of that length goes on. */
    static int lastSpan(int length) {
        return length / BlockChecksums.SPAN_BYTES;
    }

    static int wholeBlocksOfLastSpan(int length) {
        return length % BlockChecksums.SPAN_BYTES / Disk.BLOCK_BYTES;
    }

    ChecksumBuilder add(MemorySegment bytes) {
        for (long at = 0; at < bytes.byteSize(); ) {
            int inBlock = length % Disk.BLOCK_BYTES;
            int piece = (int) Math.min(Disk.BLOCK_BYTES - inBlock, bytes.byteSize() - at);
            int checksum = Checksum.of(bytes.asSlice(at, piece));
            whole = piece == Disk.BLOCK_BYTES
                    ? Checksum.combineBlock(whole, checksum)
                    : Checksum.combine(whole, checksum, piece);
            tail = inBlock == 0 ? checksum : Checksum.combine(tail, checksum, piece);
            if (inBlock + piece == Disk.BLOCK_BYTES) {
                endBlock();
            }
            length += piece;
            at += piece;
        }
        return this;
    }

    private void endBlock() {
        int block = length % BlockChecksums.SPAN_BYTES / Disk.BLOCK_BYTES;
        span[block] = tail;
        tail = 0;
        boolean full = block == BlockChecksums.SPAN_BLOCKS - 1;
        spans.put(lastSpan(length), full ? span : Arrays.copyOf(span, block + 1));
        if (full) {
            span = new int[BlockChecksums.SPAN_BLOCKS];
        }
    }

    int whole() {
        return whole;
    }

    int tail() {
        return tail;
    }

    int length() {
        return length;
    }

    /** Spans with blocks that were added, by number. */
    Map<Integer, int[]> spans() {
        return spans;
    }
}
