package dev.weft.examples.hashtable;

import dev.weft.rpc.Buffer;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Peer;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gets from a cache by reading its memory: no thread of the server has part in it.
 *
 * <pre>{@code
 * try (var reader = new CacheReader(client.peer(address), BufferPool.shared())) {
 *     Optional<byte[]> value = reader.get("key");
 * }
 * }</pre>
 *
 * <p>For one thread at a time; make one for each. A get sees every put that had returned when it began.
 */
public final class CacheReader implements AutoCloseable {
    /** After so many useless reads a get goes by call: its bucket is being changed all the time. */
    static final int READS_MAX = 8;

    private final Peer peer;
    private final Cache cache;
    private final Buffer copies;

    /** Null until it is needed, and when the server that granted it has gone. */
    private Cache.@Nullable Table table;

    /** @param buffers the pool of the client that the peer is of */
    public CacheReader(Peer peer, BufferPool buffers) {
        this.peer = peer;
        this.cache = CacheRpc.SERVICE.stub(peer);
        this.copies = buffers.acquire(Bucket.BYTES_MAX);
    }

    /**
     * The value of a key, if it is there.
     *
     * @throws RpcException as any call
     */
    public Optional<byte[]> get(String name) {
        byte[] key = CacheService.bytes(name);
        for (int i = 0; i < READS_MAX; i++) {
            Bucket copy = read(key);
            if (copy.isWhole()) {
                return copy.valueOf(key);
            }
        }
        return cache.get(new Cache.Key(name)).value().map(value -> value.toArray(ValueLayout.JAVA_BYTE));
    }

    private Bucket read(byte[] key) {
        Cache.Table known = table;
        if (known != null) {
            try {
                return read(known, key);
            } catch (RpcException e) {
                table = null;
                // The server has been started again, or is just going; a read may be made once more.
                if (e.code() != StatusCode.REMOTE_MEMORY_REFUSED && e.code() != StatusCode.CONNECTION_LOST) {
                    throw e;
                }
            }
        }
        Cache.Table fresh = cache.attach();
        table = fresh;
        return read(fresh, key);
    }

    private Bucket read(Cache.Table from, byte[] key) {
        MemorySegment copy = copies.segment().asSlice(0, from.bucketBytes());
        peer.read(from.bucket(Bucket.index(key, from.buckets())), copy);
        return new Bucket(copy);
    }

    @Override
    public void close() {
        copies.close();
    }
}
