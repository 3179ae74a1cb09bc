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
    public void remove(long inodeId, Layout layout) {
        answer();
        removal.accept(inodeId);
        lengths.remove(inodeId);
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
