package dev.weft.rpc.rdma;

import dev.weft.rpc.rdma.ffm.Lab;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Over real verbs; only where there is a device, as in the lab. */
@Tag("rdma")
final class LabSteadyStateTest extends SteadyStateContract {
    private static VerbsProvider verbs;

    @BeforeAll
    static void open() throws IOException {
        verbs = Lab.provider();
    }

    @AfterAll
    static void closeVerbs() {
        if (verbs != null) {
            verbs.close();
        }
    }

    @Override
    VerbsProvider serverVerbs() {
        return verbs;
    }

    @Override
    VerbsProvider clientVerbs() {
        return verbs;
    }
}
