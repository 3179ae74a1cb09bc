package dev.weft.kv.foundationdb;

import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.rpc.Environment;
import java.io.IOException;
import java.nio.file.Path;

/** A part of a real cluster, if there is one: keys below {@code weft-test/}, which are removed. */
final class TestCluster {
    static final String VARIABLE = "WEFT_FDB_CLUSTER_FILE";

    private TestCluster() {}

    static KeyValueStore open(StoreLimits limits) throws IOException {
        String file = System.getenv(VARIABLE);
        KeyValueStore store = FoundationDbKeyValueStore.open(
                Path.of(file == null ? "" : file), Bytes.ofUtf8("weft-test/"), limits, Environment.system());
        try {
            store.run(tx -> {
                tx.clear(new KeyRange(Bytes.EMPTY, Bytes.wrap(new byte[] {(byte) 0xff})));
                return 0;
            });
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return store;
    }
}
