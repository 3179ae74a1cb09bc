package dev.weft.kv;

import java.util.Arrays;

/** The keys from {@code begin} up to but not including {@code end}. */
public record KeyRange(Bytes begin, Bytes end) {
    public KeyRange {
        if (begin.compareTo(end) > 0) {
            throw new IllegalArgumentException("range begins at " + begin + ", after its end " + end);
        }
    }

    /** Nothing but {@code key}. */
    public static KeyRange of(Bytes key) {
        return new KeyRange(key, key.next());
    }

    /** All keys that start with {@code prefix}, which needs a byte other than 0xff. */
    public static KeyRange prefix(Bytes prefix) {
        byte[] end = prefix.toArray();
        int last = end.length - 1;
        while (last >= 0 && end[last] == (byte) 0xff) {
            last--;
        }
        if (last < 0) {
            throw new IllegalArgumentException("no key comes after all keys with prefix '" + prefix + "'");
        }
        end[last]++;
        return new KeyRange(prefix, Bytes.wrap(Arrays.copyOf(end, last + 1)));
    }

    /** The part of this range that lies after {@code key}. */
    public KeyRange after(Bytes key) {
        Bytes next = key.next();
        return new KeyRange(max(begin, min(next, end)), end);
    }

    public boolean contains(Bytes key) {
        return begin.compareTo(key) <= 0 && key.compareTo(end) < 0;
    }

    public boolean isEmpty() {
        return begin.equals(end);
    }

    public static Bytes max(Bytes a, Bytes b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static Bytes min(Bytes a, Bytes b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
