package dev.weft.examples.hashtable;

import dev.weft.rpc.Buffer;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.RemoteMemory;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** The cache at the server: buckets in memory that clients may read. Thread-safe. */
public final class CacheService implements Cache, AutoCloseable {
    /** So many buckets can be changed at a time. */
    private static final int LOCKS = 64;

    private final Buffer buffer;
    private final MemorySegment memory;
    private final Table table;

    /** Lock {@code i} guards each bucket whose index is {@code i} modulo their number. */
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

    /**
     * An empty cache.
     *
     * @param buffers the pool of the server that it is served by
     * @param buckets a power of two
     * @param bucketBytes a multiple of 8; an entry has {@value Bucket#OVERHEAD_BYTES} less
     */
    @SuppressWarnings("MustBeClosedChecker") // the arena: when nobody reads from it any more
    public CacheService(BufferPool buffers, int buckets, int bucketBytes) {
        Arena arena = Arena.ofShared();
        buffer = buffers.register(arena.allocate((long) buckets * bucketBytes, 4096), arena::close);
        memory = buffer.segment();
        table = new Table(buffer.remote(RemoteMemory.Access.READ), buckets, bucketBytes);
        Arrays.setAll(locks, i -> new ReentrantLock());
        for (int i = 0; i < buckets; i++) {
            bucket(i).clear();
        }
    }

    @Override
    public Table attach() {
        return table;
    }

    @Override
    public Found get(Key key) {
        byte[] name = bytes(key.name());
        return locked(name, bucket -> new Found(bucket.valueOf(name).map(MemorySegment::ofArray)));
    }

    @Override
    public void put(Entry entry) {
        byte[] name = bytes(entry.name());
        long bytes = name.length + entry.value().byteSize();
        if (bytes > table.bucketBytes() - Bucket.OVERHEAD_BYTES) {
            throw new RpcException(
                    StatusCode.INVALID_ARGUMENT,
                    "entry of " + bytes + " bytes; the limit is " + (table.bucketBytes() - Bucket.OVERHEAD_BYTES));
        }
        locked(name, bucket -> bucket.put(name, entry.value()));
    }

    @Override
    public void remove(Key key) {
        byte[] name = bytes(key.name());
        locked(name, bucket -> bucket.valueOf(name).isPresent() && bucket.clear());
    }

    private <T> T locked(byte[] name, Function<Bucket, T> action) {
        int index = Bucket.index(name, table.buckets());
        ReentrantLock lock = locks[index % LOCKS];
        lock.lock();
        try {
            return action.apply(bucket(index));
        } finally {
            lock.unlock();
        }
    }

    Bucket bucket(int index) {
        return new Bucket(memory.asSlice((long) index * table.bucketBytes(), table.bucketBytes()));
    }

    /** Ends the grant; the memory is freed when the last transfer in progress has let go of it. After the server. */
    @Override
    public void close() {
        buffer.close();
    }

    static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }
}
