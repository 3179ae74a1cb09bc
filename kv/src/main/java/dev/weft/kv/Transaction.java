package dev.weft.kv;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Reads of one version of the store, and writes that become visible all at once or not at all.
 *
 * <p>Reads see the store as of {@link #readVersion} with this transaction's own writes over it. What {@link #get} and
 * {@link #range} read, missing keys and gaps included, must be unchanged when the transaction commits; the
 * {@code snapshot} forms ask for no such thing. Writing a key does not conflict with others who write it.
 *
 * <p>For one thread. Reads block it shortly; only {@link #commit} waits for a disk. Keys are 1 to
 * {@link StoreLimits#keyBytesMax} bytes and do not begin with 0xff; a key, value or transaction beyond the store's limits
 * is refused with {@link IllegalArgumentException}. After {@code commit} or {@code close} a transaction is spent.
 */
public interface Transaction extends AutoCloseable {
    long readVersion();

    Optional<Bytes> get(Bytes key);

    /** As {@link #get}, but a change of the key does not make this transaction conflict. */
    Optional<Bytes> snapshotGet(Bytes key);

    /**
     * Fetches keys in one go that are probably read soon; {@link #get} of one of them then costs no read of its own.
     * Nothing counts as read by this.
     */
    void prefetch(Collection<Bytes> keys);

    /**
     * The first {@code limit} entries of the range, in key order. The part of the range up to the last entry returned
     * has been read; all of it, if fewer than {@code limit} were there.
     */
    List<KeyValue> range(KeyRange range, int limit);

    /** As {@link #range}, but changes in the range do not make this transaction conflict. */
    List<KeyValue> snapshotRange(KeyRange range, int limit);

    /** Makes the transaction conflict with changes in {@code range} as if it had been read. */
    void addReadConflict(KeyRange range);

    void put(Bytes key, Bytes value);

    void remove(Bytes key);

    /** Removes every key of the range, whichever are there when the transaction commits. */
    void clear(KeyRange range);

    /**
     * Adds to the counter at {@code key} without reading it, so that concurrent additions do not conflict. A counter is
     * eight bytes, little-endian, and wraps around; a missing value, or one that is not eight bytes, counts as zero.
     */
    void add(Bytes key, long delta);

    /**
     * Puts {@code value} at {@code prefix}, then the ten bytes of the commit's versionstamp, then {@code suffix}: a key
     * that no other commit has and that sorts by commit order. This transaction's own reads do not see it.
     */
    void putStamped(Bytes prefix, Bytes suffix, Bytes value);

    /**
     * Checks and writes, and waits for the disk.
     *
     * @throws InterruptedException if interrupted while waiting: the writes may be there then, or yet come
     */
    CommitResult commit() throws InterruptedException;

    /** Gives up what has not been committed. */
    @Override
    void close();
}
