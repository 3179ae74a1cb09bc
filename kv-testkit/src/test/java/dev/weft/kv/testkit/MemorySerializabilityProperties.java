package dev.weft.kv.testkit;

import dev.weft.kv.KeyValueStore;
import dev.weft.kv.MemoryKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.rpc.Environment;

final class MemorySerializabilityProperties extends SerializabilityContract {
    @Override
    protected KeyValueStore open(StoreLimits limits) {
        return new MemoryKeyValueStore(limits, Environment.system());
    }

    @Override
    protected int histories() {
        return 200;
    }
}
