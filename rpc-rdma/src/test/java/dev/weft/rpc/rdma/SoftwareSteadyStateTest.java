package dev.weft.rpc.rdma;

import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.software.SoftwareFabric;
import dev.weft.rpc.rdma.verbs.VerbsProvider;

/** Over verbs in software. */
final class SoftwareSteadyStateTest extends SteadyStateContract {
    private final SoftwareFabric fabric = SoftwareFabric.of(Environment.system());
    private final VerbsProvider serverVerbs = fabric.host(fabric.device("s0", "10.0.0.1"));
    private final VerbsProvider clientVerbs = fabric.host(fabric.device("c0", "10.0.0.2"));

    @Override
    VerbsProvider serverVerbs() {
        return serverVerbs;
    }

    @Override
    VerbsProvider clientVerbs() {
        return clientVerbs;
    }
}
