package dev.weft.kv.engine;

import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The uncommitted writes of one transaction. Ranges are cleared before single keys are written, whatever the order of the
 * calls was: a clear forgets the earlier writes to its keys. Not thread-safe.
 */
public final class WriteSet {
    /** Overwrites nothing, since its key is new by construction. */
    private record Stamped(Bytes prefix, Bytes suffix, Bytes value) {
        Bytes key(Bytes versionstamp) {
            return Bytes.concat(prefix, versionstamp, suffix);
        }
    }

    /** Takes the writes of a commit, in an order that gives the right result. */
    public interface Sink {
        void clear(KeyRange range);

        void write(Bytes key, Mutation mutation);
    }

    /** Takes the writes before their commit has a versionstamp. */
    public interface StampedSink extends Sink {
        void stamped(Bytes prefix, Bytes suffix, Bytes value);
    }

    private final TreeMap<Bytes, Mutation> points = new TreeMap<>();

    /** Begin to end; the ranges are disjoint and do not touch. */
    private final TreeMap<Bytes, Bytes> cleared = new TreeMap<>();

    private final List<Stamped> stamped = new ArrayList<>();

    public boolean isEmpty() {
        return points.isEmpty() && cleared.isEmpty() && stamped.isEmpty();
    }

    public void put(Bytes key, Bytes value) {
        points.put(key, new Mutation.Put(value));
    }

    public void remove(Bytes key) {
        points.put(key, new Mutation.Remove());
    }

    public void add(Bytes key, long delta) {
        Mutation sum = switch (mutationOf(key)) {
            case null -> new Mutation.Add(delta);
            case Mutation.Add(long earlier) -> new Mutation.Add(earlier + delta);
            case Mutation.Put(Bytes value) -> new Mutation.Put(Counter.add(value, delta));
            case Mutation.Remove() -> new Mutation.Put(Counter.encode(delta));
        };
        points.put(key, sum);
    }

    public void putStamped(Bytes prefix, Bytes suffix, Bytes value) {
        stamped.add(new Stamped(prefix, suffix, value));
    }

    public void clear(KeyRange range) {
        points.subMap(range.begin(), range.end()).clear();
        Bytes begin = range.begin();
        Bytes end = range.end();
        Map.Entry<Bytes, Bytes> before = cleared.floorEntry(begin);
        if (before != null && before.getValue().compareTo(begin) >= 0) {
            begin = before.getKey();
            end = KeyRange.max(end, before.getValue());
        }
        NavigableMap<Bytes, Bytes> touched = cleared.subMap(begin, true, end, true);
        if (!touched.isEmpty()) {
            end = KeyRange.max(end, touched.lastEntry().getValue());
            touched.clear();
        }
        cleared.put(begin, end);
    }

    /** What was done to the key so far; null for nothing. A cleared key counts as removed. */
    @Nullable
    public Mutation mutationOf(Bytes key) {
        Mutation mutation = points.get(key);
        return mutation == null && isCleared(key) ? new Mutation.Remove() : mutation;
    }

    public boolean isCleared(Bytes key) {
        Map.Entry<Bytes, Bytes> before = cleared.floorEntry(key);
        return before != null && key.compareTo(before.getValue()) < 0;
    }

    /** Writes to single keys of the range. */
    public NavigableMap<Bytes, Mutation> points(KeyRange range) {
        return points.subMap(range.begin(), true, range.end(), false);
    }

    /** Every range that the commit changes. */
    public void forEachRange(Bytes versionstamp, Consumer<KeyRange> action) {
        cleared.forEach((begin, end) -> action.accept(new KeyRange(begin, end)));
        points.keySet().forEach(key -> action.accept(KeyRange.of(key)));
        stamped.forEach(write -> action.accept(KeyRange.of(write.key(versionstamp))));
    }

    public void writeTo(Bytes versionstamp, Sink sink) {
        cleared.forEach((begin, end) -> sink.clear(new KeyRange(begin, end)));
        points.forEach(sink::write);
        stamped.forEach(write -> sink.write(write.key(versionstamp), new Mutation.Put(write.value())));
    }

    public void forEach(StampedSink sink) {
        cleared.forEach((begin, end) -> sink.clear(new KeyRange(begin, end)));
        points.forEach(sink::write);
        stamped.forEach(write -> sink.stamped(write.prefix(), write.suffix(), write.value()));
    }
}
