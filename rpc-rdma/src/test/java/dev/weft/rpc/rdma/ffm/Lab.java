package dev.weft.rpc.rdma.ffm;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.rpc.rdma.verbs.Device;
import dev.weft.rpc.rdma.verbs.VerbsFixture;
import dev.weft.rpc.rdma.verbs.VerbsFixture.Feature;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** What the tests of real devices need of the machine. */
public final class Lab {
    private Lab() {}

    /** Skips the test where there is no device. */
    public static void requireDevice() {
        assumeTrue(FfmVerbsProvider.available(), "skipped: no RDMA device; run ./weft rdma-test");
    }

    /** A new provider; skips the test where there is no device. */
    public static FfmVerbsProvider provider() throws IOException {
        requireDevice();
        return new FfmVerbsProvider();
    }

    /** From the second device to the first one, or from the first one to itself; of a new provider. */
    public static VerbsFixture fixture() throws IOException {
        FfmVerbsProvider provider = provider();
        List<InetAddress> addresses = addresses(provider);
        Device device = provider.devices().getFirst();
        var features = EnumSet.allOf(Feature.class);
        // The kernel takes longer than the test to find out that nobody answers.
        features.remove(Feature.ADDRESS_ERRORS);
        if (device.isIwarp()) {
            features.clear();
        }
        return new VerbsFixture(
                provider,
                provider,
                addresses.getFirst(),
                addresses.size() > 1 ? Optional.of(addresses.get(1)) : Optional.empty(),
                device.addresses().stream()
                        .filter(Inet6Address.class::isInstance)
                        .findFirst(),
                features);
    }

    /** The first IPv4 address of each device that has one. */
    public static List<InetAddress> addresses(FfmVerbsProvider provider) throws IOException {
        return provider.devices().stream()
                .map(Device::addresses)
                .flatMap(addresses -> addresses.stream()
                        .filter(Inet4Address.class::isInstance)
                        .limit(1))
                .toList();
    }
}
