package dev.weft.storage;

import dev.weft.rpc.rdma.ffm.FfmVerbsProvider;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** All nodes on one real device. */
@Tag("rdma")
final class LabReplicationTest extends RdmaReplicationContract {
    @SuppressWarnings("NullAway.Init")
    private static VerbsProvider verbs;

    LabReplicationTest() {
        super(_ -> "rdma://10.0.0.1:0", _ -> verbs);
    }

    @BeforeAll
    static void open() throws IOException {
        verbs = new FfmVerbsProvider();
    }

    @AfterAll
    static void close() {
        verbs.close();
    }
}
