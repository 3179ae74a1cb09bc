package dev.weft.meta;

import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.RdmaConfig;
import dev.weft.rpc.rdma.RdmaTransportProvider;
import dev.weft.rpc.rdma.software.SoftwareFabric;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.util.List;

/** Over one device in software. */
final class SoftwareRdmaMetaServerTest extends RpcMetaServerContract {
    SoftwareRdmaMetaServerTest() {
        SoftwareFabric fabric = SoftwareFabric.of(Environment.system());
        VerbsProvider verbs = fabric.host(fabric.device("soft0", "10.0.0.1"));
        super("rdma://10.0.0.1:0", List.of(new RdmaTransportProvider(RdmaConfig.defaults(), verbs)));
    }
}
