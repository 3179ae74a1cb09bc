package dev.weft.storage;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test of one chain of three replicas, which call each other's objects, and serve when it begins. */
abstract class ChainTest {
    @TempDir
    Path folder;

    final DirectNetwork network = new DirectNetwork();
    TestCluster cluster;

    @SuppressWarnings("NullAway.Init") // see startCluster
    ChainTest() {}

    @BeforeEach
    void startCluster() throws Exception {
        cluster = TestCluster.serving(folder, network);
    }

    @AfterEach
    void stopCluster() {
        cluster.close();
        network.close();
    }
}
