package dev.weft.rpc.rdma;

import dev.weft.rpc.rdma.ffm.FfmVerbsProvider;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import dev.weft.rpc.spi.TransportProvider;
import dev.weft.rpc.testkit.TransportContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract over real verbs; only where there is a device, as in the lab. */
@Tag("rdma")
final class LabTransportTest extends TransportContract {
    @SuppressWarnings("NullAway.Init")
    private static VerbsProvider verbs;

    @BeforeAll
    static void open() throws Exception {
        verbs = new FfmVerbsProvider();
    }

    @AfterAll
    static void close() {
        verbs.close();
    }

    @Override
    protected TransportProvider transport() {
        return new RdmaTransportProvider(RdmaConfig.defaults(), verbs);
    }

    @Override
    protected String listenAddress() {
        return "rdma://10.0.0.1:0";
    }
}
