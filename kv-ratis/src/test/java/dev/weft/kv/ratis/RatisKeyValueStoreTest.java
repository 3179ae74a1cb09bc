package dev.weft.kv.ratis;

import dev.weft.kv.KeyValueStore;
import dev.weft.kv.testkit.KeyValueStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Three peers in this process, used as other processes use them, but without a network between. */
final class RatisKeyValueStoreTest extends KeyValueStoreContract {
    @TempDir
    static Path folder;

    @SuppressWarnings("NullAway") // set before the first test
    private static LocalPeers peers;

    @BeforeAll
    static void startPeers() throws IOException {
        peers = new LocalPeers(folder, SMALL, 3);
        peers.startAll();
    }

    @AfterAll
    static void stopPeers() {
        peers.close();
    }

    @Override
    protected KeyValueStore open() {
        return peers.emptyStore();
    }
}
