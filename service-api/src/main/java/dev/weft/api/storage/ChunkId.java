package dev.weft.api.storage;

import dev.weft.serde.Serde;

/** A chunk of a file: the {@code index}-th piece of chunk size of inode {@code inodeId}. */
@Serde
public record ChunkId(long inodeId, int index) implements Comparable<ChunkId> {
    @Override
    public int compareTo(ChunkId other) {
        int byInode = Long.compareUnsigned(inodeId, other.inodeId);
        return byInode != 0 ? byInode : Integer.compareUnsigned(index, other.index);
    }

    @Override
    public String toString() {
        return Long.toHexString(inodeId) + ":" + Integer.toUnsignedString(index);
    }
}
