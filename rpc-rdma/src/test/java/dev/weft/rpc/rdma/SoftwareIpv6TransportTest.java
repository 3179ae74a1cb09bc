package dev.weft.rpc.rdma;

import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.software.SoftwareFabric;
import dev.weft.rpc.rdma.software.SoftwareVerbsProvider;
import dev.weft.rpc.spi.TransportProvider;
import dev.weft.rpc.testkit.TransportContract;

/** The contract over verbs in software, between addresses of IPv6. */
final class SoftwareIpv6TransportTest extends TransportContract {
    private final SoftwareFabric fabric = SoftwareFabric.of(Environment.system());
    private final SoftwareVerbsProvider verbs = fabric.host(fabric.device("soft0", "fd00::1"));

    @Override
    protected TransportProvider transport() {
        return new RdmaTransportProvider(RdmaConfig.defaults(), verbs);
    }

    @Override
    protected String listenAddress() {
        return "rdma://[fd00::1]:0";
    }
}
