package dev.weft.kv.engine;

import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A range of a snapshot with a transaction's own writes over it, in key order. */
final class MergedCursor {
    private final Snapshot.Cursor stored;
    private final WriteSet writes;
    private final Iterator<Map.Entry<Bytes, Mutation>> own;
    private @Nullable KeyValue nextStored;
    private Map.@Nullable Entry<Bytes, Mutation> nextOwn;

    MergedCursor(Snapshot.Cursor stored, WriteSet writes, KeyRange range) {
        this.stored = stored;
        this.writes = writes;
        this.own = writes.points(range).entrySet().iterator();
        this.nextStored = stored.next();
        this.nextOwn = own.hasNext() ? own.next() : null;
    }

    /** The next entry; null at the end. */
    @Nullable
    KeyValue next() {
        while (nextStored != null || nextOwn != null) {
            KeyValue entry = nextOwn == null || (nextStored != null && isBefore(nextStored, nextOwn))
                    ? takeStored()
                    : takeOwn(nextOwn);
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    private static boolean isBefore(KeyValue entry, Map.Entry<Bytes, Mutation> write) {
        return entry.key().compareTo(write.getKey()) < 0;
    }

    private @Nullable KeyValue takeStored() {
        KeyValue entry = nextStored;
        nextStored = stored.next();
        return entry == null || writes.isCleared(entry.key()) ? null : entry;
    }

    private @Nullable KeyValue takeOwn(Map.Entry<Bytes, Mutation> write) {
        Bytes key = write.getKey();
        Bytes base = null;
        if (nextStored != null && nextStored.key().equals(key)) {
            base = nextStored.value();
            nextStored = stored.next();
        }
        nextOwn = own.hasNext() ? own.next() : null;
        return switch (write.getValue()) {
            case Mutation.Put(Bytes value) -> new KeyValue(key, value);
            case Mutation.Remove() -> null;
            case Mutation.Add(long delta) -> new KeyValue(key, Counter.add(base, delta));
        };
    }
}
