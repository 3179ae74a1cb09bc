package dev.weft.bench.rdma;

import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.software.SoftwareFabric;
import dev.weft.rpc.rdma.software.SoftwareVerbsProvider;

/** Two hosts with a device in software each, in one process. */
record SoftwareHosts(SoftwareVerbsProvider server, SoftwareVerbsProvider client) {
    static final String SERVER = "10.0.0.1";

    static SoftwareHosts make() {
        SoftwareFabric fabric = SoftwareFabric.of(Environment.system());
        return new SoftwareHosts(
                fabric.host(fabric.device("server", SERVER)), fabric.host(fabric.device("client", "10.0.0.2")));
    }
}
