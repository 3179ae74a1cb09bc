package dev.weft.kv.foundationdb;

import com.apple.foundationdb.MutationType;
import com.apple.foundationdb.Transaction;
import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.engine.Counter;
import dev.weft.kv.engine.Mutation;
import dev.weft.kv.engine.Versionstamp;
import dev.weft.kv.engine.WriteSet;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Hands what a transaction writes to FoundationDB. */
record Writes(Transaction transaction, Bytes prefix) implements WriteSet.StampedSink {
    @Override
    public void clear(KeyRange range) {
        transaction.clear(inCluster(range.begin()), inCluster(range.end()));
    }

    @Override
    public void write(Bytes key, Mutation mutation) {
        byte[] name = inCluster(key);
        switch (mutation) {
            case Mutation.Put(Bytes value) -> transaction.set(name, value.unsafeArray());
            case Mutation.Remove() -> transaction.clear(name);
            case Mutation.Add(long delta) ->
                transaction.mutate(MutationType.ADD, name, Counter.encode(delta).unsafeArray());
        }
    }

    @Override
    public void stamped(Bytes keyPrefix, Bytes suffix, Bytes value) {
        transaction.mutate(
                MutationType.SET_VERSIONSTAMPED_KEY,
                stampedKey(Bytes.concat(prefix, keyPrefix), suffix),
                value.unsafeArray());
    }

    /** FoundationDB fills in the stamp at the place that the last four bytes say, little-endian, and cuts these off. */
    static byte[] stampedKey(Bytes before, Bytes suffix) {
        ByteBuffer key = ByteBuffer.allocate(before.length() + Versionstamp.BYTES + suffix.length() + Integer.BYTES);
        key.put(before.unsafeArray()).put(new byte[Versionstamp.BYTES]).put(suffix.unsafeArray());
        key.order(ByteOrder.LITTLE_ENDIAN).putInt(before.length());
        return key.array();
    }

    private byte[] inCluster(Bytes key) {
        return Bytes.concat(prefix, key).unsafeArray();
    }
}
