package dev.weft.rpc.rdma;

import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.software.SoftwareVerbsProvider;
import dev.weft.rpc.spi.TransportProvider;
import dev.weft.rpc.testkit.TransportContract;
import org.junit.jupiter.api.AfterEach;

/** The contract over verbs in software between processes. */
final class SocketTransportTest extends TransportContract {
    private final SoftwareVerbsProvider verbs = SoftwareVerbsProvider.betweenProcesses(Environment.system());

    @Override
    protected TransportProvider transport() {
        return new RdmaTransportProvider(RdmaConfig.defaults(), verbs);
    }

    @Override
    protected String listenAddress() {
        return "rdma://127.0.0.1:0";
    }

    @AfterEach
    void closeVerbs() {
        verbs.close();
    }
}
