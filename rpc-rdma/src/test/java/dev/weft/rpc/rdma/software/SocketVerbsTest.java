package dev.weft.rpc.rdma.software;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.verbs.VerbsContract;
import dev.weft.rpc.rdma.verbs.VerbsFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.EnumSet;
import java.util.Optional;

/** The contract between two providers that meet over TCP, as those of two processes do. */
final class SocketVerbsTest extends VerbsContract {
    @Override
    protected VerbsFixture open() {
        return new VerbsFixture(
                SoftwareVerbsProvider.betweenProcesses(Environment.system()),
                SoftwareVerbsProvider.betweenProcesses(Environment.system()),
                InetAddress.ofLiteral("127.0.0.1"),
                Optional.empty(),
                hasIpv6() ? Optional.of(InetAddress.ofLiteral("::1")) : Optional.empty(),
                EnumSet.allOf(VerbsFixture.Feature.class));
    }

    private static boolean hasIpv6() {
        try (var probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    protected void close(VerbsFixture fixture) {
        assertEquals(OpenObjects.NONE, ((SoftwareVerbsProvider) fixture.server()).open());
        assertEquals(OpenObjects.NONE, ((SoftwareVerbsProvider) fixture.client()).open());
        fixture.server().close();
        fixture.client().close();
    }
}
