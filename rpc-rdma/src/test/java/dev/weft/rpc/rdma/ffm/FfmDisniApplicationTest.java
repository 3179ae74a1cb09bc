package dev.weft.rpc.rdma.ffm;

import dev.weft.rpc.rdma.verbs.DisniApplicationContract;
import dev.weft.rpc.rdma.verbs.DisniProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("rdma")
final class FfmDisniApplicationTest extends DisniApplicationContract {
    // DiSNI keeps protection domains for the life of the process, so the provider must live as long.
    private static @Nullable FfmVerbsProvider provider;

    @BeforeAll
    static void open() throws IOException {
        Lab.requireDevice();
        provider = new FfmVerbsProvider();
    }

    @Override
    protected InetAddress install() throws IOException {
        FfmVerbsProvider installed = Objects.requireNonNull(provider);
        DisniProvider.install(installed);
        return Lab.addresses(installed).getFirst();
    }
}
