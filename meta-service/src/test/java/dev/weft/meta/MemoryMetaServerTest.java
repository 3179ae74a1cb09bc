package dev.weft.meta;

import dev.weft.kv.KeyValueStore;
import dev.weft.kv.MemoryKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.rpc.Environment;

final class MemoryMetaServerTest extends MetaServerContract {
    @Override
    KeyValueStore open() {
        return new MemoryKeyValueStore(StoreLimits.defaults(), Environment.system());
    }
}
