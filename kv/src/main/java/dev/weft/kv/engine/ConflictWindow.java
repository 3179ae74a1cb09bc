package dev.weft.kv.engine;

import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The resolver: which keys the recent commits wrote, bounded in age and bytes, and so whether a transaction may commit.
 *
 * <p>The keys are cut into segments, each with the version of its last write:
 *
 * <pre>
 *   key      ''        b        d          m\0
 *             |--- 0 ---|-- 17 --|--- 0 ----| ...     means: [b, d) was last written by commit 17
 * </pre>
 *
 * A version at or below the {@link #floor} says no more than "long ago". Commits that leave the window take the segment
 * borders they made with them, unless the border has a newer use. Pure: time is passed in. Not thread-safe.
 */
public final class ConflictWindow {
    public enum Verdict {
        FREE,
        READ_CHANGED,
        TOO_OLD
    }

    private record Commit(long version, long atNanos, List<KeyRange> writes, long bytes) {}

    /** Rough cost of a remembered range beside its two keys. */
    private static final int RANGE_OVERHEAD_BYTES = 192;

    private final long bytesMax;
    private final long ageNanos;

    /** Begin of each segment to the version of its last write. Always has the empty key. */
    private final TreeMap<Bytes, Long> lastWrites = new TreeMap<>();

    /** Oldest first. */
    private final Deque<Commit> commits = new ArrayDeque<>();

    private long bytes;

    /** Everything up to this version is forgotten. */
    private long floor;

    /** @param version of the store now: what happened before is not known */
    public ConflictWindow(long version, long bytesMax, Duration age) {
        this.floor = version;
        this.bytesMax = bytesMax;
        this.ageNanos = age.toNanos();
        lastWrites.put(Bytes.EMPTY, version);
    }

    public Verdict check(long readVersion, List<KeyRange> reads) {
        if (reads.isEmpty()) {
            return Verdict.FREE;
        }
        if (readVersion < floor) {
            return Verdict.TOO_OLD;
        }
        for (KeyRange read : reads) {
            if (writtenAfter(readVersion, read)) {
                return Verdict.READ_CHANGED;
            }
        }
        return Verdict.FREE;
    }

    private boolean writtenAfter(long version, KeyRange range) {
        if (range.isEmpty()) {
            return false;
        }
        if (lastWrites.floorEntry(range.begin()).getValue() > version) {
            return true;
        }
        for (long written :
                lastWrites.subMap(range.begin(), false, range.end(), false).values()) {
            if (written > version) {
                return true;
            }
        }
        return false;
    }

    /** Remembers a commit; versions only grow. */
    public void record(long version, WriteSet writes, Bytes versionstamp, long nowNanos) {
        List<KeyRange> ranges = new ArrayList<>();
        writes.forEachRange(versionstamp, ranges::add);
        long size = 0;
        for (KeyRange range : ranges) {
            mark(range, version);
            size += range.begin().length() + range.end().length() + RANGE_OVERHEAD_BYTES;
        }
        commits.addLast(new Commit(version, nowNanos, ranges, size));
        bytes += size;
        expire(nowNanos);
    }

    /** Forgets what is too old or too much. */
    public void expire(long nowNanos) {
        while (!commits.isEmpty()
                && (bytes > bytesMax || nowNanos - commits.getFirst().atNanos() > ageNanos)) {
            Commit oldest = commits.removeFirst();
            floor = oldest.version();
            bytes -= oldest.bytes();
            for (KeyRange range : oldest.writes()) {
                dropBorder(range.begin());
                dropBorder(range.end());
            }
        }
    }

    int segments() {
        return lastWrites.size();
    }

    private void mark(KeyRange range, long version) {
        if (range.isEmpty()) {
            return;
        }
        lastWrites.putIfAbsent(range.end(), lastWrites.floorEntry(range.end()).getValue());
        lastWrites.subMap(range.begin(), range.end()).clear();
        lastWrites.put(range.begin(), version);
    }

    private void dropBorder(Bytes key) {
        Long version = lastWrites.get(key);
        Map.Entry<Bytes, Long> before = lastWrites.lowerEntry(key);
        if (version != null && version <= floor && before != null && before.getValue() <= floor) {
            lastWrites.remove(key);
        }
    }
}
