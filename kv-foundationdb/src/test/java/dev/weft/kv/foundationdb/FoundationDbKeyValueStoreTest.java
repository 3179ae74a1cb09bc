package dev.weft.kv.foundationdb;

import dev.weft.kv.KeyValueStore;
import dev.weft.kv.testkit.KeyValueStoreContract;
import java.io.IOException;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

@EnabledIfEnvironmentVariable(
        named = TestCluster.VARIABLE,
        matches = ".+",
        disabledReason = "engine foundationdb: no cluster named by " + TestCluster.VARIABLE)
final class FoundationDbKeyValueStoreTest extends KeyValueStoreContract {
    @Override
    protected KeyValueStore open() throws IOException {
        return TestCluster.open(SMALL);
    }

    @Override
    protected boolean countsCommits() {
        return false;
    }

    @Override
    protected boolean knowsCounters() {
        return false;
    }
}
