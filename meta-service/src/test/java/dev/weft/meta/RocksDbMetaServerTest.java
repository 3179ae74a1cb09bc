package dev.weft.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.api.meta.Inode;
import dev.weft.kv.Bytes;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.RocksDbKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.meta.schema.Keys;
import dev.weft.rpc.Environment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RocksDbMetaServerTest extends MetaServerContract {
    @TempDir
    Path folder;

    @Override
    KeyValueStore open() throws IOException {
        return RocksDbKeyValueStore.open(folder, StoreLimits.defaults(), Environment.system());
    }

    @Test
    void theTreeOutlivesTheServer() throws Exception {
        mkdir("/d");
        Inode file = close(create("/d/f"), 77);
        store.close();
        store = open();
        try (MetaServer restarted =
                new MetaServer(config, Environment.system(), store, () -> routing, Membership.alone(), chunks)) {
            restarted.start();
            meta = restarted;
            assertEquals(file, stat("/d/f"));
            assertEquals(List.of("d"), names("/"));
        }
    }

    @Test
    void refusesASchemaThatItDoesNotKnow() throws Exception {
        store.run(tx -> {
            tx.put(Keys.SCHEMA_VERSION, Bytes.ofLong(1));
            return 0;
        });
        assertThrows(IllegalStateException.class, server::start);
    }
}
