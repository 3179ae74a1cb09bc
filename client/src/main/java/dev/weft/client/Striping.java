package dev.weft.client;

import dev.weft.api.meta.Layout;
import dev.weft.api.storage.ChunkId;
import java.util.ArrayList;
import java.util.List;

/** Cuts a range of a file into pieces of chunks. */
final class Striping {
    private Striping() {}

    /**
     * A piece of one chunk.
     *
     * @param offset in the chunk
     * @param from where the piece begins in the range that was cut
     */
    record Piece(ChunkId chunk, int chainId, int offset, int length, long from) {}

    static List<Piece> cut(long inodeId, Layout layout, long offset, long length) {
        if (offset < 0 || length < 0 || offset > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException(length + " bytes at " + offset + " are not a range of a file");
        }
        List<Piece> pieces = new ArrayList<>();
        int chunkSize = layout.chunkSize();
        long done = 0;
        while (done < length) {
            long position = offset + done;
            int index = Math.toIntExact(position / chunkSize);
            int inChunk = (int) (position % chunkSize);
            int part = (int) Math.min(chunkSize - inChunk, length - done);
            int chain = layout.chains().get(index % layout.chains().size());
            pieces.add(new Piece(new ChunkId(inodeId, index), chain, inChunk, part, done));
            done += part;
        }
        return pieces;
    }
}
