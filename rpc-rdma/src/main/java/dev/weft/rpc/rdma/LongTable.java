package dev.weft.rpc.rdma;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Objects by a number, found without making an object of the number. Open addressing with linear probing; removal moves
 * back what follows (Knuth, The Art of Computer Programming 3, 6.4, algorithm R). Not thread-safe.
 */
final class LongTable<V> {
    private static final int CAPACITY_MIN = 16;

    private long[] keys = new long[CAPACITY_MIN];
    private @Nullable Object[] values = new Object[CAPACITY_MIN];
    private int size;

    int size() {
        return size;
    }

    @Nullable
    V get(long key) {
        return at(find(key));
    }

    /** Adds an object; there is none with this key. */
    void put(long key, V value) {
        if (2 * (size + 1) > keys.length) {
            grow();
        }
        int place = find(key);
        assert values[place] == null;
        keys[place] = key;
        values[place] = value;
        size++;
    }

    /** Removes an object, unless another one has its key. */
    @SuppressWarnings("ReferenceEquality") // this very object
    void remove(long key, V value) {
        int hole = find(key);
        if (values[hole] != value) {
            return;
        }
        size--;
        int mask = keys.length - 1;
        for (int next = hole + 1 & mask; values[next] != null; next = next + 1 & mask) {
            int home = home(keys[next]);
            // What lies cyclically after its home and at or before the hole may not be moved to it.
            if ((next - home & mask) >= (next - hole & mask)) {
                keys[hole] = keys[next];
                values[hole] = values[next];
                hole = next;
            }
        }
        values[hole] = null;
    }

    /** One that matches; null if none does. */
    @Nullable
    V any(Predicate<V> wanted) {
        for (int i = 0; i < keys.length; i++) {
            V value = at(i);
            if (value != null && wanted.test(value)) {
                return value;
            }
        }
        return null;
    }

    void forEach(Consumer<V> action) {
        for (int i = 0; i < keys.length; i++) {
            V value = at(i);
            if (value != null) {
                action.accept(value);
            }
        }
    }

    void clear() {
        Arrays.fill(values, null);
        size = 0;
    }

    /** Where the key is, or would be. */
    private int find(long key) {
        int mask = keys.length - 1;
        int place = home(key);
        while (values[place] != null && keys[place] != key) {
            place = place + 1 & mask;
        }
        return place;
    }

    private int home(long key) {
        long mixed = key * 0x9E37_79B9_7F4A_7C15L;
        return (int) (mixed >>> 32) & keys.length - 1;
    }

    private void grow() {
        long[] oldKeys = keys;
        @Nullable Object[] oldValues = values;
        keys = new long[2 * oldKeys.length];
        values = new Object[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != null) {
                int place = find(oldKeys[i]);
                keys[place] = oldKeys[i];
                values[place] = oldValues[i];
            }
        }
    }

    @SuppressWarnings("unchecked") // only objects of this type are put
    private @Nullable V at(int place) {
        return (V) values[place];
    }
}
