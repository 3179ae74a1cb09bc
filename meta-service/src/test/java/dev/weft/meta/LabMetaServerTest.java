package dev.weft.meta;

import dev.weft.rpc.rdma.RdmaConfig;
import dev.weft.rpc.rdma.RdmaTransportProvider;
import dev.weft.rpc.rdma.ffm.FfmVerbsProvider;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Over real devices. */
@Tag("rdma")
final class LabMetaServerTest extends RpcMetaServerContract {
    @SuppressWarnings("NullAway.Init")
    private static VerbsProvider verbs;

    LabMetaServerTest() {
        super("rdma://10.0.0.1:0", List.of(new RdmaTransportProvider(RdmaConfig.defaults(), verbs)));
    }

    @BeforeAll
    static void openVerbs() throws IOException {
        verbs = new FfmVerbsProvider();
    }

    @AfterAll
    static void closeVerbs() {
        verbs.close();
    }
}
