package dev.weft.rpc.rdma.software;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.verbs.VerbsContract;
import dev.weft.rpc.rdma.verbs.VerbsFixture;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.Optional;

/** The contract on devices in one process. */
final class SoftwareVerbsTest extends VerbsContract {
    private final SoftwareFabric fabric = SoftwareFabric.of(Environment.system());

    @Override
    protected VerbsFixture open() {
        var server = fabric.host(fabric.device("s0", "10.0.0.1", "fd00::1"));
        var client = fabric.host(fabric.device("c0", "10.0.0.2", "fd00::2"));
        return new VerbsFixture(
                server,
                client,
                InetAddress.ofLiteral("10.0.0.1"),
                Optional.empty(),
                Optional.of(InetAddress.ofLiteral("fd00::1")),
                EnumSet.allOf(VerbsFixture.Feature.class));
    }

    @Override
    protected void close(VerbsFixture fixture) {
        assertEquals(OpenObjects.NONE, fabric.open());
        fixture.server().close();
        fixture.client().close();
    }
}
