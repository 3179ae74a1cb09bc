package dev.weft.kv.ratis;

import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.engine.Mutation;
import dev.weft.kv.engine.WriteSet;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * A log entry: the writes of many transactions, in order. Numbers are big-endian.
 *
 * <pre>
 *  0        1          9               17         21
 *  +--------+----------+---------------+----------+---------------------------+
 *  | 1      | term i64 | base i64      | count u32| count transactions        |
 *  +--------+----------+---------------+----------+---------------------------+
 *  transaction:  count u32, then that many of
 *     1 clear    begin bytes, end bytes
 *     2 put      key bytes, value bytes
 *     3 remove   key bytes
 *     4 add      key bytes, delta i64
 *  bytes:        length u32, then that many
 * </pre>
 *
 * The entry counts only in the term {@code term} and if the store has version {@code base}: its transactions make the versions
 * after that, one each. So what a leader of the past proposed never takes effect behind the back of the present one.
 *
 * @param writes behind the fields before
 */
record CommitGroup(long term, long base, int count, ByteBuffer writes) {
    static final byte FORMAT = 1;
    static final int HEADER_BYTES = 21;
    private static final byte CLEAR = 1;
    private static final byte PUT = 2;
    private static final byte REMOVE = 3;
    private static final byte ADD = 4;

    /** @throws IllegalArgumentException if these are not the bytes of an entry of this format */
    static CommitGroup parse(ByteBuffer entry) {
        if (entry.remaining() < HEADER_BYTES) {
            throw new IllegalArgumentException("log entry of " + entry.remaining() + " bytes has no header");
        }
        byte format = entry.get();
        if (format != FORMAT) {
            throw new IllegalArgumentException("log entry has format " + format + ", this version knows " + FORMAT);
        }
        CommitGroup group = new CommitGroup(entry.getLong(), entry.getLong(), entry.getInt(), entry.slice());
        if (group.count < 1 || group.count > group.writes.remaining() / Integer.BYTES) {
            throw new IllegalArgumentException(
                    "log entry of " + group.writes.remaining() + " bytes cannot have " + group.count + " transactions");
        }
        return group;
    }

    /** Whether the entry takes effect, when it is in the log in {@code logTerm} and the store has {@code version}. */
    boolean counts(long logTerm, long version) {
        return term == logTerm && base == version;
    }

    /** The version of the store after this entry. */
    long last() {
        return base + count;
    }

    /** Does all writes in order. */
    void applyTo(WriteSet.Sink sink) {
        ByteBuffer in = writes.duplicate();
        try {
            for (int transaction = 0; transaction < count; transaction++) {
                int operations = in.getInt();
                for (int i = 0; i < operations; i++) {
                    apply(in, sink);
                }
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("log entry for version " + base + " ends too early", e);
        }
        if (in.hasRemaining()) {
            throw new IllegalArgumentException(
                    "log entry for version " + base + " has " + in.remaining() + " bytes too many");
        }
    }

    private static void apply(ByteBuffer in, WriteSet.Sink sink) {
        byte kind = in.get();
        switch (kind) {
            case CLEAR -> sink.clear(new KeyRange(bytes(in), bytes(in)));
            case PUT -> sink.write(bytes(in), new Mutation.Put(bytes(in)));
            case REMOVE -> sink.write(bytes(in), new Mutation.Remove());
            case ADD -> sink.write(bytes(in), new Mutation.Add(in.getLong()));
            default -> throw new IllegalArgumentException("unknown operation " + kind + " in a log entry");
        }
    }

    private static Bytes bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("length " + length + " in a log entry with " + in.remaining() + " left");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return Bytes.wrap(bytes);
    }

    /** Makes an entry. For one thread. */
    static final class Builder {
        private final long term;
        private final long base;
        private final GrowingBytes out = new GrowingBytes();
        private int count;

        Builder(long term, long base) {
            this.term = term;
            this.base = base;
            out.skip(HEADER_BYTES);
        }

        int count() {
            return count;
        }

        void add(WriteSet writes, Bytes versionstamp) {
            count++;
            int at = out.skip(Integer.BYTES);
            Operations operations = new Operations();
            writes.writeTo(versionstamp, operations);
            out.putInt(at, operations.count);
        }

        ByteBuffer build() {
            ByteBuffer entry = out.toBuffer();
            entry.put(0, FORMAT).putLong(1, term).putLong(9, base).putInt(17, count);
            return entry;
        }

        private final class Operations implements WriteSet.Sink {
            int count;

            @Override
            public void clear(KeyRange range) {
                count++;
                out.put(CLEAR);
                put(range.begin());
                put(range.end());
            }

            @Override
            public void write(Bytes key, Mutation mutation) {
                count++;
                switch (mutation) {
                    case Mutation.Put(Bytes value) -> {
                        out.put(PUT);
                        put(key);
                        put(value);
                    }
                    case Mutation.Remove() -> {
                        out.put(REMOVE);
                        put(key);
                    }
                    case Mutation.Add(long delta) -> {
                        out.put(ADD);
                        put(key);
                        out.put(Bytes.ofLong(delta));
                    }
                }
            }

            private void put(Bytes bytes) {
                out.putInt(out.skip(Integer.BYTES), bytes.length());
                out.put(bytes);
            }
        }
    }
}
