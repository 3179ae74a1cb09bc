package dev.weft.storage.engine;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Chunks of any number of targets on one disk.
 *
 * <p>A change goes in two steps: {@link #apply} makes it a <em>pending</em> version, {@link #commit} makes that the
 * committed one. Both are atomic. What {@code apply} returned survives the loss of power; what {@code commit} returned
 * survives the death of the process, and after the loss of power the version may be pending again.
 *
 * <p>Thread-safe, except that changes of one chunk must come one after the other: the caller holds a lock on it. Reads
 * may come at any time. Calls block; an interrupt does not end them early.
 */
public interface ChunkEngine extends AutoCloseable {
    /** What is there of a chunk; empty if nothing is. */
    Optional<ChunkInfo> find(ChunkKey key);

    /**
     * Makes version {@code number} pending, in place of a version that is pending already.
     *
     * @param number one more than the committed version; any, if there is none, or if {@code change} does not depend on it
     * @throws IOException if the disk failed; the chunk is as before
     * @throws NoSpaceException if the disk is full, or too full for a new chunk
     * @throws CorruptedChunkException if the change needs the committed bytes and they are damaged
     */
    ChunkVersion apply(ChunkKey key, long number, Change change, WriteId writer) throws IOException;

    /**
     * Makes the pending version the committed one and remembers its writer as {@link #applied}. A removal raises the
     * target's {@link #versionFloor}.
     */
    ChunkVersion commit(ChunkKey key, long number) throws IOException;

    /** Holds the committed version for reading; null if the chunk does not exist. */
    @Nullable
    ChunkReader openCommitted(ChunkKey key);

    /** Holds the pending version for reading; null if there is none, or if it is a removal. */
    @Nullable
    ChunkReader openPending(ChunkKey key);

    /** Reads parts of versions that are held, all at the same time; one result for each, in order. */
    List<PartResult> read(List<PartRead> parts);

    /** Chunks of {@code target} in order of their keys, behind {@code after} (from the first one if null). */
    List<ChunkInfo> list(long target, @Nullable ChunkKey after, int limit);

    /** The chunk with the greatest index, that is committed, of a file, and how many there are. */
    Optional<LastChunk> last(long target, long inode);

    /** The last change that a channel of a client got committed on a target. */
    Optional<Applied> applied(long target, WriteId writer);

    /** All that {@link #applied} knows of a target, in no particular order. */
    List<Applied> allApplied(long target);

    /** Adds to what {@link #applied} knows, except where it knows of a higher sequence. */
    void putApplied(Collection<Applied> applied) throws IOException;

    /** Forgets what {@link #applied} knows of a target. */
    void forgetApplied(long target) throws IOException;

    /** How many channels of clients {@link #applied} knows of a target. */
    int appliedCount(long target);

    /** Where {@link #applied} is now: what is added later is behind it. */
    long appliedMark();

    /** Forgets what {@link #applied} knows of a target since before a mark, of the clients that are accepted. */
    void forgetApplied(long target, long mark, Predicate<UUID> client) throws IOException;

    /** The highest version at which a chunk of a target was removed; zero if none ever was. */
    long versionFloor(long target);

    /** Raises {@link #versionFloor}, if it is lower; the outcome survives the loss of power. */
    void raiseVersionFloor(long target, long number) throws IOException;

    /** Where {@link #putScrubbed} left off; empty for a target's beginning. */
    Optional<ChunkKey> scrubbed(long target);

    /** Keeps how far a target has been scrubbed: over restarts, but perhaps not over the loss of power. */
    void putScrubbed(long target, @Nullable ChunkKey place) throws IOException;

    /** Size of the disk in bytes; what it was when it was last open. */
    long capacityBytes();

    /** Space in bytes that chunks take on the disk, of all targets. */
    long usedBytes();

    /**
     * Changes the limits of {@link EngineOptions#lowSpace} and {@link EngineOptions#refuseNew}, for the next {@link #space} or
     * {@link #upkeep}.
     */
    void limitSpace(double low, double refuse);

    /** How full the disk is. Asks the disk, which takes a moment. */
    EngineSpace space() throws IOException;

    /**
     * Does a round of what keeps the disk in order: sets space aside, moves chunks out of sparsely used files, gives space
     * back. Comes every second or so, from one thread.
     */
    Upkeep upkeep() throws IOException;

    /**
     * Writes to the disk, forces it and reads it again.
     *
     * @throws IOException if the disk failed, or did not keep what was written
     */
    void checkDisk() throws IOException;

    /** Ends the engine. No other call may be in progress. */
    @Override
    void close();

    /** What a round of upkeep did: extents that were moved, and extents whose space was given back. */
    record Upkeep(int moved, int discarded) {}

    /** A file's last chunk on a target, and how many chunks of it are there. */
    record LastChunk(int index, int length, int chunks) {}
}
