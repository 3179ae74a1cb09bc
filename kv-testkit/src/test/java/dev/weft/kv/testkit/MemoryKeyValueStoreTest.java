package dev.weft.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.kv.CommitResult;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.MemoryKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.Transaction;
import dev.weft.rpc.Environment;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MemoryKeyValueStoreTest extends KeyValueStoreContract {
    @Override
    protected KeyValueStore open() {
        return new MemoryKeyValueStore(SMALL, Environment.system());
    }

    @Test
    void aReaderFromBeforeTheWindowConflictsAsTooOld() throws InterruptedException {
        StoreLimits forgetful = new StoreLimits(64, 256, 2048, 16, 2048, Duration.ofHours(1), 5);
        try (KeyValueStore small = new MemoryKeyValueStore(forgetful, Environment.system())) {
            Transaction old = small.begin();
            old.get(A);
            old.put(A, value(1));
            for (int i = 0; i < 100; i++) {
                Transaction other = small.begin();
                other.put(value(i), B);
                commit(other);
            }
            assertEquals(new CommitResult.Conflicted(CommitResult.Reason.TOO_OLD), old.commit());
        }
    }
}
