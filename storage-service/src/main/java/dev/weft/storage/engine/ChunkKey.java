package dev.weft.storage.engine;

import java.util.Comparator;

/** Names a chunk on a disk: which target it belongs to, and which piece of which file it is. */
public record ChunkKey(long target, long inode, int index) implements Comparable<ChunkKey> {
    private static final Comparator<ChunkKey> ORDER = Comparator.comparingLong(ChunkKey::target)
            .thenComparing(ChunkKey::inode, Long::compareUnsigned)
            .thenComparing(ChunkKey::index, Integer::compareUnsigned);

    @Override
    public int compareTo(ChunkKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return target + "/" + Long.toHexString(inode) + ":" + Integer.toUnsignedString(index);
    }
}
