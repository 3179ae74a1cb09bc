package dev.weft.kv.foundationdb;

import dev.weft.kv.KeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.testkit.SerializabilityContract;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Runs the properties with a few seeds, since only JUnit's own tests can be left out by a condition. */
@EnabledIfEnvironmentVariable(
        named = TestCluster.VARIABLE,
        matches = ".+",
        disabledReason = "engine foundationdb: no cluster named by " + TestCluster.VARIABLE)
final class FoundationDbSerializabilityTest {
    @Test
    void historiesAreSerializable() throws Exception {
        Histories histories = new Histories();
        for (long seed = 1; seed <= 3; seed++) {
            histories.run(seed);
        }
    }

    private static final class Histories extends SerializabilityContract {
        @Override
        protected KeyValueStore open(StoreLimits limits) throws IOException {
            return TestCluster.open(limits);
        }

        @Override
        protected int histories() {
            return 3;
        }

        void run(long seed) throws Exception {
            interleavedTransactionsAreSerializable(seed);
            concurrentTransactionsAreSerializable(seed);
            whatIsRunIsDoneOnceThoughSomeCommitsHaveNoAnswer(seed);
            aReaderSeesNoStateThatNoOrderExplains();
        }
    }
}
