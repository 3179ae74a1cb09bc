package dev.weft.examples.hashtable;

import dev.weft.rpc.Idempotent;
import dev.weft.rpc.RemoteMemory;
import dev.weft.rpc.RpcService;
import dev.weft.serde.Serde;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A cache of small values. An entry may go at any time to make room for another.
 *
 * <p>All of it can be done by calls; {@link CacheReader} needs {@link #attach} only, and gets without calls.
 */
@RpcService
public interface Cache {
    /** What to get or remove. */
    @Serde
    record Key(String name) {}

    /** What to put. */
    @Serde
    record Entry(String name, MemorySegment value) {}

    /** What was there. */
    @Serde
    record Found(Optional<MemorySegment> value) {}

    /**
     * Where the buckets are: an entry is in the one that {@link Bucket#index} says, or nowhere.
     *
     * @param memory of all buckets, one after the other
     * @param buckets a power of two
     * @param bucketBytes of one; a multiple of 8
     */
    @Serde
    record Table(RemoteMemory memory, int buckets, int bucketBytes) {
        public Table {
            if (buckets < 1 || Integer.bitCount(buckets) != 1) {
                throw new IllegalArgumentException(buckets + " buckets are not a power of two");
            }
            if (bucketBytes < Bucket.BYTES_MIN || bucketBytes > Bucket.BYTES_MAX || bucketBytes % 8 != 0) {
                throw new IllegalArgumentException("buckets of " + bucketBytes + " bytes are not a multiple of 8 from "
                        + Bucket.BYTES_MIN + " to " + Bucket.BYTES_MAX);
            }
            if (memory.length() != (long) buckets * bucketBytes) {
                throw new IllegalArgumentException("memory of " + memory.length() + " bytes is not " + buckets
                        + " buckets of " + bucketBytes + " bytes");
            }
        }

        /** The memory of one bucket. */
        RemoteMemory bucket(int index) {
            return memory.slice((long) index * bucketBytes, bucketBytes);
        }
    }

    /** Where to read. Holds as long as the server lives; after that, reads are refused. */
    @Idempotent
    Table attach();

    @Idempotent
    Found get(Key key);

    /** Puts an entry, in the place of whatever was in its bucket. Refused as INVALID_ARGUMENT if it does not fit. */
    @Idempotent
    void put(Entry entry);

    @Idempotent
    void remove(Key key);
}
