package dev.weft.rpc.rdma.ffm;

import dev.weft.rpc.rdma.verbs.VerbsContract;
import dev.weft.rpc.rdma.verbs.VerbsFixture;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on the first device of the machine; on the first two, if there are two. */
@Tag("rdma")
@Tag("two-links")
final class FfmVerbsTest extends VerbsContract {
    @BeforeAll
    static void requireDevice() {
        Lab.requireDevice();
    }

    @Override
    protected VerbsFixture open() throws IOException {
        return Lab.fixture();
    }

    @Override
    protected void close(VerbsFixture fixture) {
        fixture.client().close();
    }
}
