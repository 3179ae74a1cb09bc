package dev.weft.rpc.rdma.ffm;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.rpc.rdma.verbs.Device;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** What the tests of real devices need of the machine. */
public final class Lab {
    private Lab() {}

    /** A new provider; skips the test where there is no device. */
    public static FfmVerbsProvider provider() throws IOException {
        assumeTrue(FfmVerbsProvider.available(), "skipped: no RDMA device; run ./weft rdma-test");
        return new FfmVerbsProvider();
    }

    /** The first address of each device. */
    public static List<InetAddress> addresses(FfmVerbsProvider provider) throws IOException {
        return provider.devices().stream()
                .map(Device::addresses)
                .filter(addresses -> !addresses.isEmpty())
                .map(List::getFirst)
                .toList();
    }
}
