package dev.weft.kv.engine;

import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Puts the writes of transactions in one batch for RocksDB. */
record BatchSink(ColumnFamilyHandle data, WriteBatch batch) implements WriteSet.Sink {
    @Override
    public void clear(KeyRange range) {
        try {
            batch.deleteRange(data, range.begin().unsafeArray(), range.end().unsafeArray());
        } catch (RocksDBException e) {
            throw new IllegalStateException("cannot add to a write batch in memory", e);
        }
    }

    @Override
    public void write(Bytes key, Mutation mutation) {
        try {
            switch (mutation) {
                case Mutation.Put(Bytes value) -> batch.put(data, key.unsafeArray(), value.unsafeArray());
                case Mutation.Remove() -> batch.delete(data, key.unsafeArray());
                case Mutation.Add(long delta) ->
                    batch.merge(data, key.unsafeArray(), Counter.encode(delta).unsafeArray());
            }
        } catch (RocksDBException e) {
            throw new IllegalStateException("cannot add to a write batch in memory", e);
        }
    }
}
