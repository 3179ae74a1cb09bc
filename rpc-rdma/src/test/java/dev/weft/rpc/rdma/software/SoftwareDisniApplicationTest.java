package dev.weft.rpc.rdma.software;

import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.verbs.DisniApplicationContract;
import dev.weft.rpc.rdma.verbs.DisniProvider;
import java.net.InetAddress;

final class SoftwareDisniApplicationTest extends DisniApplicationContract {
    // DiSNI keeps protection domains for the life of the process, so the devices must live as long.
    private static final SoftwareFabric FABRIC = SoftwareFabric.of(Environment.system());
    private static final SoftwareVerbsProvider PROVIDER = FABRIC.host(FABRIC.device("a0", "10.0.0.1"));

    @Override
    protected InetAddress install() {
        DisniProvider.install(PROVIDER);
        return InetAddress.ofLiteral("10.0.0.1");
    }
}
