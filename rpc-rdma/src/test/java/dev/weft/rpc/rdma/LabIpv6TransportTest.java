package dev.weft.rpc.rdma;

import dev.weft.rpc.rdma.ffm.FfmVerbsProvider;
import dev.weft.rpc.rdma.ffm.Lab;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import dev.weft.rpc.spi.TransportProvider;
import dev.weft.rpc.testkit.TransportContract;
import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract over real verbs, between addresses of IPv6. */
@Tag("rdma")
final class LabIpv6TransportTest extends TransportContract {
    @SuppressWarnings("NullAway.Init")
    private static VerbsProvider verbs;

    @SuppressWarnings("NullAway.Init")
    private static InetAddress address;

    @BeforeAll
    static void open() throws Exception {
        FfmVerbsProvider provider = Lab.provider();
        verbs = provider;
        address = provider.devices().getFirst().addresses().stream()
                .filter(one -> one instanceof Inet6Address && !one.isLinkLocalAddress())
                .findFirst()
                .orElseThrow();
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
        return "rdma://[" + address.getHostAddress().replaceAll("%.*", "") + "]:0";
    }
}
