package dev.weft.storage;

import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.software.SoftwareFabric;
import dev.weft.rpc.rdma.software.SoftwareVerbsProvider;
import java.util.List;
import java.util.stream.IntStream;

/** Each node on a device of its own, in software. */
final class SoftwareRdmaReplicationTest extends RdmaReplicationContract {
    SoftwareRdmaReplicationTest() {
        SoftwareFabric fabric = SoftwareFabric.of(Environment.system());
        List<SoftwareVerbsProvider> verbs = IntStream.rangeClosed(0, 3)
                .mapToObj(party -> fabric.host(fabric.device("soft" + party, "10.0.0.1" + party)))
                .toList();
        super(node -> "rdma://10.0.0.1" + node + ":0", verbs::get);
    }
}
