package dev.weft.meta.check;

import dev.weft.api.meta.MetaException;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkListReply;
import dev.weft.api.storage.ChunkStat;
import dev.weft.meta.ChunkInventory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;

/** Goes through the chunks of one chain, inode by inode, a page of them in memory. For one thread. */
final class ChainCursor {
    private static final int PAGE = 1000;

    private final ChunkInventory inventory;
    private final int chainId;
    private final Deque<ChunkStat> page = new ArrayDeque<>();
    private Optional<ChunkId> last = Optional.empty();
    private boolean more = true;

    ChainCursor(ChunkInventory inventory, int chainId) {
        this.inventory = inventory;
        this.chainId = chainId;
    }

    /** What an inode has on the chain. */
    record Part(int chainId, int chunks, int lastIndex, int lastLength) {}

    /** The inode whose chunks come next; empty at the end. */
    OptionalLong inode() throws MetaException, InterruptedException {
        while (page.isEmpty() && more) {
            ChunkListReply reply = inventory.page(chainId, last, PAGE);
            for (ChunkStat chunk : reply.chunks()) {
                last = Optional.of(chunk.chunk());
                // One that only is to be is not there yet.
                if (chunk.version() > 0) {
                    page.add(chunk);
                }
            }
            more = reply.more() && !reply.chunks().isEmpty();
        }
        return page.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(page.element().chunk().inodeId());
    }

    /** Passes over the chunks of the next inode. */
    Part take(Report report) throws MetaException, InterruptedException {
        ChunkStat chunk = page.element();
        long inodeId = chunk.chunk().inodeId();
        int chunks = 0;
        OptionalLong next = OptionalLong.of(inodeId);
        while (next.isPresent() && next.getAsLong() == inodeId) {
            chunk = page.remove();
            chunks++;
            report.looked();
            next = inode();
        }
        return new Part(chainId, chunks, chunk.chunk().index(), chunk.length());
    }
}
