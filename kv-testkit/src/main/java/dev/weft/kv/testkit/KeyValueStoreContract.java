package dev.weft.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.kv.Bytes;
import dev.weft.kv.CommitResult;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.Transaction;
import dev.weft.kv.engine.Counter;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine keeps to. An engine's test extends this and opens a store. */
public abstract class KeyValueStoreContract {
    protected static final Bytes A = Bytes.ofUtf8("a");
    protected static final Bytes B = Bytes.ofUtf8("b");
    protected static final Bytes C = Bytes.ofUtf8("c");
    protected static final Bytes D = Bytes.ofUtf8("d");
    protected static final KeyRange A_TO_D = new KeyRange(A, D);
    public static final StoreLimits SMALL = new StoreLimits(64, 256, 2048, 16, 1 << 20, Duration.ofHours(1), 5);

    protected KeyValueStore store;

    protected KeyValueStoreContract() {}

    /** A new, empty store with the limits {@link #SMALL}. */
    protected abstract KeyValueStore open() throws IOException;

    /** Whether each commit makes the next version, and no version is made by anything else. */
    protected boolean countsCommits() {
        return true;
    }

    /** Whether an addition takes a value that is not eight bytes as zero. */
    protected boolean knowsCounters() {
        return true;
    }

    @BeforeEach
    protected final void openStore() throws IOException {
        store = open();
    }

    @AfterEach
    protected final void closeStore() {
        store.close();
    }

    protected static Bytes value(int number) {
        return Bytes.ofUtf8("value " + number);
    }

    protected static CommitResult.Committed commit(Transaction transaction) throws InterruptedException {
        return assertInstanceOf(CommitResult.Committed.class, transaction.commit());
    }

    protected static void assertConflict(Transaction transaction) throws InterruptedException {
        assertEquals(new CommitResult.Conflicted(CommitResult.Reason.READ_CHANGED), transaction.commit());
    }

    protected final void put(Bytes key, Bytes value) throws InterruptedException {
        Transaction transaction = store.begin();
        transaction.put(key, value);
        commit(transaction);
    }

    protected final Optional<Bytes> read(Bytes key) {
        try (Transaction transaction = store.begin()) {
            return transaction.get(key);
        }
    }

    protected final List<Bytes> keys(KeyRange range) {
        try (Transaction transaction = store.begin()) {
            return transaction.range(range, 100).stream().map(KeyValue::key).toList();
        }
    }

    @Test
    final void readsWhatWasCommitted() throws InterruptedException {
        put(A, value(1));
        assertEquals(Optional.of(value(1)), read(A));
        assertEquals(Optional.empty(), read(B));
    }

    @Test
    final void versionsGrowWithEachCommit() throws InterruptedException {
        Transaction first = store.begin();
        first.put(A, value(1));
        long version = commit(first).version();
        try (Transaction next = store.begin()) {
            assertTrue(countsCommits() ? version == next.readVersion() : version <= next.readVersion());
        }
        Transaction second = store.begin();
        second.put(A, value(2));
        assertTrue(commit(second).version() > version);
    }

    @Test
    final void aTransactionKeepsReadingItsVersion() throws InterruptedException {
        put(A, value(1));
        try (Transaction old = store.begin()) {
            put(A, value(2));
            put(B, value(2));
            assertEquals(Optional.of(value(1)), old.get(A));
            assertEquals(1, old.range(A_TO_D, 10).size());
        }
    }

    @Test
    final void aTransactionReadsItsOwnWrites() throws InterruptedException {
        put(A, value(1));
        put(B, value(1));
        put(C, value(1));
        try (Transaction transaction = store.begin()) {
            transaction.put(A, value(2));
            transaction.remove(B);
            transaction.clear(KeyRange.of(C));
            transaction.put(Bytes.ofUtf8("bb"), value(3));
            assertEquals(Optional.of(value(2)), transaction.get(A));
            assertEquals(Optional.empty(), transaction.get(B));
            assertEquals(Optional.empty(), transaction.get(C));
            assertEquals(
                    List.of(new KeyValue(A, value(2)), new KeyValue(Bytes.ofUtf8("bb"), value(3))),
                    transaction.range(A_TO_D, 10));
        }
        assertEquals(Optional.of(value(1)), read(A));
    }

    @Test
    final void whatWasPrefetchedIsReadAsOfTheTransactionWithItsOwnWrites() throws InterruptedException {
        put(A, value(1));
        put(B, value(1));
        try (Transaction transaction = store.begin()) {
            transaction.remove(B);
            transaction.prefetch(List.of(A, B, C));
            put(A, value(2));
            assertEquals(Optional.of(value(1)), transaction.get(A));
            assertEquals(Optional.empty(), transaction.get(B));
            assertEquals(Optional.empty(), transaction.get(C));
            transaction.put(C, value(3));
            assertEquals(Optional.of(value(3)), transaction.get(C));
            assertConflict(transaction);
        }
    }

    @Test
    final void whatWasPrefetchedAndNotReadDoesNotConflict() throws InterruptedException {
        Transaction transaction = store.begin();
        transaction.prefetch(List.of(A, B));
        assertEquals(Optional.empty(), transaction.get(B));
        put(A, value(1));
        transaction.put(C, value(1));
        commit(transaction);
    }

    @Test
    final void manyKeysArePrefetched() throws InterruptedException {
        List<Bytes> keys = IntStream.range(0, 2500)
                .mapToObj(i -> Bytes.concat(A, Bytes.ofLong(i)))
                .toList();
        for (int i = 0; i < keys.size(); i += 500) {
            put(keys.get(i), value(i));
        }
        try (Transaction transaction = store.begin()) {
            transaction.prefetch(keys);
            for (int i = 0; i < keys.size(); i++) {
                Optional<Bytes> expected = i % 500 == 0 ? Optional.of(value(i)) : Optional.empty();
                assertEquals(expected, transaction.snapshotGet(keys.get(i)));
            }
        }
    }

    @Test
    final void aRangeIsInOrderOfUnsignedBytesAndEndsBeforeItsEnd() throws InterruptedException {
        Bytes high = Bytes.wrap(new byte[] {(byte) 0x80});
        for (Bytes key : List.of(high, D, A, A.next(), C)) {
            put(key, value(0));
        }
        assertEquals(List.of(A, A.next(), C), keys(A_TO_D));
        assertEquals(List.of(C, D, high), keys(new KeyRange(C, Bytes.wrap(new byte[] {(byte) 0xff}))));
        try (Transaction transaction = store.begin()) {
            assertEquals(2, transaction.range(A_TO_D, 2).size());
        }
    }

    @Test
    final void writesOverTheSameKeyDoNotConflictWithoutReads() throws InterruptedException {
        Transaction first = store.begin();
        Transaction second = store.begin();
        first.put(A, value(1));
        second.put(A, value(2));
        commit(first);
        commit(second);
        assertEquals(Optional.of(value(2)), read(A));
    }

    @Test
    final void aChangedReadConflicts() throws InterruptedException {
        Transaction transaction = store.begin();
        transaction.get(A);
        transaction.put(B, value(1));
        put(A, value(1));
        assertConflict(transaction);
        assertEquals(Optional.empty(), read(B));
    }

    @Test
    final void writeSkewConflicts() throws InterruptedException {
        Transaction first = store.begin();
        Transaction second = store.begin();
        first.get(A);
        first.put(B, value(1));
        second.get(B);
        second.put(A, value(2));
        commit(first);
        assertConflict(second);
    }

    @Test
    final void aPhantomConflicts() throws InterruptedException {
        Transaction transaction = store.begin();
        assertEquals(List.of(), transaction.range(A_TO_D, 10));
        transaction.put(D, value(1));
        put(B, value(1));
        assertConflict(transaction);
    }

    @Test
    final void aRemovalByRangeConflictsWithWhatWasReadInIt() throws InterruptedException {
        put(B, value(1));
        Transaction transaction = store.begin();
        transaction.get(B);
        transaction.put(D, value(1));
        Transaction other = store.begin();
        other.clear(A_TO_D);
        commit(other);
        assertConflict(transaction);
    }

    @Test
    final void whatLiesBehindTheLastEntryOfALimitedRangeDoesNotConflict() throws InterruptedException {
        put(A, value(1));
        put(B, value(1));
        Transaction transaction = store.begin();
        assertEquals(1, transaction.range(A_TO_D, 1).size());
        transaction.put(D, value(1));
        put(B, value(2));
        commit(transaction);
    }

    @Test
    final void snapshotReadsDoNotConflict() throws InterruptedException {
        Transaction transaction = store.begin();
        transaction.snapshotGet(A);
        transaction.snapshotRange(A_TO_D, 10);
        transaction.put(D, value(1));
        put(A, value(1));
        commit(transaction);
    }

    @Test
    final void anAddedReadConflictConflicts() throws InterruptedException {
        Transaction transaction = store.begin();
        transaction.addReadConflict(A_TO_D);
        transaction.put(D, value(1));
        put(A, value(1));
        assertConflict(transaction);
    }

    @Test
    final void aTransactionThatOnlyReadsAlwaysCommitsAtItsReadVersion() throws InterruptedException {
        Transaction transaction = store.begin();
        transaction.get(A);
        put(A, value(1));
        assertEquals(transaction.readVersion(), commit(transaction).version());
    }

    @Test
    final void additionsMeetWithoutConflict() throws InterruptedException {
        Transaction first = store.begin();
        Transaction second = store.begin();
        first.add(A, 5);
        second.add(A, -2);
        second.add(A, 40);
        commit(first);
        commit(second);
        assertEquals(Optional.of(Counter.encode(43)), read(A));
    }

    @Test
    final void anAdditionIsSeenByItsOwnTransactionAndStartsAtZeroAfterARemoval() throws InterruptedException {
        put(A, Counter.encode(10));
        Transaction transaction = store.begin();
        transaction.add(A, 1);
        assertEquals(Optional.of(Counter.encode(11)), transaction.get(A));
        assertEquals(List.of(new KeyValue(A, Counter.encode(11))), transaction.range(A_TO_D, 5));
        transaction.remove(A);
        transaction.add(A, 3);
        transaction.put(B, Counter.encode(7));
        transaction.add(B, -8);
        commit(transaction);
        assertEquals(Optional.of(Counter.encode(3)), read(A));
        assertEquals(Optional.of(Counter.encode(-1)), read(B));
    }

    @Test
    final void anAdditionTakesAValueThatIsNoCounterAsZero() throws InterruptedException {
        assumeTrue(knowsCounters());
        put(A, value(1));
        Transaction transaction = store.begin();
        transaction.add(A, 2);
        commit(transaction);
        assertEquals(Optional.of(Counter.encode(2)), read(A));
    }

    @Test
    final void aClearTakesEarlierWritesOfItsTransactionWithItAndLeavesLaterOnes() throws InterruptedException {
        put(A, value(1));
        Transaction transaction = store.begin();
        transaction.put(B, value(2));
        transaction.clear(A_TO_D);
        transaction.put(C, value(3));
        commit(transaction);
        assertEquals(List.of(C), keys(A_TO_D));
    }

    @Test
    final void stampedKeysCarryTheCommitVersionAndSortByIt() throws InterruptedException {
        List<Bytes> expected = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Transaction transaction = store.begin();
            transaction.putStamped(A, B, value(i));
            CommitResult.Committed committed = commit(transaction);
            assertEquals(10, committed.versionstamp().length());
            assertEquals(committed.version(), committed.versionstamp().longAt(0));
            expected.add(Bytes.concat(A, committed.versionstamp(), B));
        }
        assertEquals(expected, keys(KeyRange.prefix(A)));
    }

    @Test
    final void refusesWhatExceedsTheLimits() {
        try (Transaction transaction = store.begin()) {
            Bytes longest = Bytes.wrap(new byte[SMALL.keyBytesMax()]);
            transaction.put(longest, Bytes.wrap(new byte[SMALL.valueBytesMax()]));
            transaction.range(new KeyRange(longest, longest.next()), 1);
            assertRefused(() -> transaction.put(longest.next(), A));
            assertRefused(() -> transaction.put(Bytes.EMPTY, A));
            assertRefused(() -> transaction.put(Bytes.wrap(new byte[] {(byte) 0xff, 1}), A));
            assertRefused(() -> transaction.put(A, Bytes.wrap(new byte[SMALL.valueBytesMax() + 1])));
            assertRefused(() -> transaction.clear(new KeyRange(A, Bytes.wrap(new byte[] {(byte) 0xff, 0}))));
            assertRefused(() -> transaction.range(A_TO_D, 0));
            assertRefused(() -> IntStream.range(0, 100).forEach(i -> transaction.put(value(i), longest)));
        }
    }

    private static void assertRefused(Runnable action) {
        assertThrows(IllegalArgumentException.class, action::run);
    }

    @Test
    final void aSpentTransactionRefusesEverything() throws InterruptedException {
        Transaction transaction = store.begin();
        commit(transaction);
        assertThrows(IllegalStateException.class, () -> transaction.get(A));
        assertThrows(IllegalStateException.class, () -> transaction.put(A, B));
        assertThrows(IllegalStateException.class, transaction::commit);
        transaction.close();
    }

    @Test
    final void runTriesAgainAfterAConflict() throws InterruptedException {
        List<Integer> tries = new ArrayList<>();
        int result = store.run(transaction -> {
            transaction.get(A);
            tries.add(1);
            if (tries.size() < 3) {
                putFromOutside(A);
            }
            transaction.put(B, value(tries.size()));
            return tries.size();
        });
        assertEquals(3, result);
        assertEquals(Optional.of(value(3)), read(B));
    }

    @Test
    final void runGivesUpAfterTheLastAttempt() {
        RpcException refused = assertThrows(
                RpcException.class,
                () -> store.run(transaction -> {
                    transaction.get(A);
                    transaction.put(B, value(1));
                    putFromOutside(A);
                    return 0;
                }));
        assertEquals(StatusCode.ABORTED, refused.code());
    }

    private void putFromOutside(Bytes key) {
        try {
            put(key, value(9));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    final void runPassesOnWhatTheBodyThrowsAndWritesNothing() {
        assertThrows(
                IOException.class,
                () -> store.run(transaction -> {
                    transaction.put(A, value(1));
                    throw new IOException("no");
                }));
        assertEquals(Optional.empty(), read(A));
    }

    @Test
    final void concurrentReadModifyWritesLoseNothing() throws Exception {
        int threads = 8;
        int rounds = 50;
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(executor.submit(() -> {
                    for (int round = 0; round < rounds; ) {
                        round += incremented() ? 1 : 0;
                    }
                    return null;
                }));
            }
            for (Future<?> future : all) {
                future.get();
            }
        }
        assertEquals(Optional.of(Bytes.ofLong((long) threads * rounds)), read(A));
    }

    private boolean incremented() throws InterruptedException {
        Transaction transaction = store.begin();
        long before = transaction.get(A).map(value -> value.longAt(0)).orElse(0L);
        transaction.put(A, Bytes.ofLong(before + 1));
        return transaction.commit() instanceof CommitResult.Committed;
    }

    @Test
    final void aClosedStoreRefusesTransactions() throws InterruptedException {
        put(A, value(1));
        Transaction open = store.begin();
        store.close();
        assertThrows(IllegalStateException.class, store::begin);
        assertEquals(Optional.of(value(1)), open.get(A));
        open.put(A, value(2));
        assertThrows(IllegalStateException.class, open::commit);
    }
}
