package dev.weft.kv.testkit;

import dev.weft.kv.KeyValueStore;
import dev.weft.kv.MemoryKeyValueStore;
import dev.weft.kv.RemoteKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.StoreServer;
import dev.weft.rpc.Environment;

/** A store in memory behind its server, without a network between. */
final class RemoteSerializabilityProperties extends SerializabilityContract {
    @Override
    protected KeyValueStore open(StoreLimits limits) {
        Environment environment = Environment.system();
        KeyValueStore served = new MemoryKeyValueStore(limits, environment);
        return new RemoteKeyValueStore(new StoreServer(served, environment), limits, environment);
    }

    @Override
    protected int histories() {
        return 40;
    }
}
