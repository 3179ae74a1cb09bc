package dev.weft.meta;

import dev.weft.api.meta.Layout;
import dev.weft.api.meta.MetaException;
import dev.weft.rpc.RpcException;
import java.util.Optional;

/**
 * What the metadata service needs of storage. All methods may be repeated, and block until storage has answered.
 *
 * <p>They fail with {@link RpcException} when storage cannot be reached within the configured patience; what was begun
 * may be done in part then, and repeating completes it.
 */
public interface ChunkStore {
    /** One past the last byte that the file has in any chunk. */
    long length(long inodeId, Layout layout) throws MetaException, InterruptedException;

    /** Makes the file's chunks end at {@code length}: the last one is cut or filled with zeros, those beyond it go. */
    void truncate(long inodeId, Layout layout, long length) throws MetaException, InterruptedException;

    /**
     * Removes chunks of the file, on each of its chains about {@code limit} at the most.
     *
     * @return whether none is left
     */
    boolean remove(long inodeId, Layout layout, int limit) throws MetaException, InterruptedException;

    /** What there is, for a check; empty if that cannot be told. */
    default Optional<ChunkInventory> inventory() {
        return Optional.empty();
    }
}
