package dev.weft.meta;

import dev.weft.api.meta.Layout;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/** Keeps how long each file's chunks are. */
final class FakeChunkStore implements ChunkStore {
    final Map<Long, Long> lengths = new ConcurrentHashMap<>();
    volatile boolean away;

    /** In how many turns the chunks of a file are removed, if not at once. */
    final Map<Long, Integer> turns = new ConcurrentHashMap<>();

    /** Runs once, in the middle of the next call. */
    volatile Runnable interruption = () -> {};

    /** Told of each removal before it is made. */
    volatile LongConsumer removal = _ -> {};

    @Override
    public long length(long inodeId, Layout layout) {
        answer();
        long length = lengths.getOrDefault(inodeId, 0L);
        interrupt();
        return length;
    }

    @Override
    public void truncate(long inodeId, Layout layout, long length) {
        answer();
        lengths.put(inodeId, length);
        interrupt();
    }

    @Override
    public boolean remove(long inodeId, Layout layout, int limit) {
        answer();
        removal.accept(inodeId);
        int left = turns.merge(inodeId, -1, Integer::sum);
        if (left > 0) {
            return false;
        }
        lengths.remove(inodeId);
        return true;
    }

    private void answer() {
        if (away) {
            throw new RpcException(StatusCode.UNAVAILABLE, "no storage");
        }
    }

    private void interrupt() {
        Runnable once = interruption;
        interruption = () -> {};
        once.run();
    }
}
