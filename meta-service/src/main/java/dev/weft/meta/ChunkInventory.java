package dev.weft.meta;

import dev.weft.api.meta.MetaException;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkListReply;
import java.util.List;
import java.util.Optional;

/** What chunks there are on each chain, whosever they are. Methods fail as those of {@link ChunkStore} do. */
public interface ChunkInventory {
    /** All chains. */
    List<Integer> chains();

    /** Chunks in the order of {@link ChunkId}, behind {@code after}. */
    ChunkListReply page(int chainId, Optional<ChunkId> after, int limit) throws MetaException, InterruptedException;

    /** Whether there is a chunk of an inode on a chain now. */
    boolean has(int chainId, long inodeId) throws MetaException, InterruptedException;

    /** Removes the chunks that an inode has on a chain. */
    void remove(int chainId, long inodeId) throws MetaException, InterruptedException;
}
