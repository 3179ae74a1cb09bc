package dev.weft.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.kv.Bytes;
import dev.weft.kv.CommitResult;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.Transaction;
import dev.weft.kv.engine.Counter;
import dev.weft.rpc.Environment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Random transactions, interleaved by a seed and run by threads; then those that committed are done again one after the
 * other, in the order of their versions, on a plain map, where every read must give what it gave.
 */
public abstract class SerializabilityContract {
    private static final StoreLimits LIMITS = new StoreLimits(64, 256, 1 << 16, 256, 1 << 20, Duration.ofHours(1), 5);

    private static final Bytes TOTAL = Bytes.ofUtf8("total");

    /** One operation: with its result if it was a read; applied to the model if it was a write. */
    private interface Step {
        void replay(NavigableMap<Bytes, Bytes> model);
    }

    private record Done(CommitResult.Committed at, boolean wrote, List<Step> steps) {}

    private final Environment environment = Environment.system();

    protected SerializabilityContract() {}

    /** A new, empty store with {@code limits}. */
    protected abstract KeyValueStore open(StoreLimits limits) throws Exception;

    /** How many random histories are worth their time on this engine. */
    protected abstract int histories();

    @Property(tries = 1, shrinking = ShrinkingMode.OFF)
    protected final void interleavedTransactionsAreSerializable(@ForAll long seed) throws Exception {
        for (int history = 0; history < histories(); history++) {
            try (KeyValueStore store = open(LIMITS)) {
                checkInterleaved(store, new Random(seed + history), 150);
            }
        }
    }

    @Property(tries = 1, shrinking = ShrinkingMode.OFF)
    protected final void concurrentTransactionsAreSerializable(@ForAll long seed) throws Exception {
        for (int history = 0; history < (histories() + 9) / 10; history++) {
            try (KeyValueStore store = open(LIMITS)) {
                checkConcurrent(store, seed + 8L * history);
            }
        }
    }

    @Property(tries = 1, shrinking = ShrinkingMode.OFF)
    protected final void whatIsRunIsDoneOnceThoughSomeCommitsHaveNoAnswer(@ForAll long seed) throws Exception {
        try (KeyValueStore store = open(LIMITS)) {
            UncertainStore uncertain = new UncertainStore(store, LIMITS, environment, new Random(seed));
            int threads = 4;
            int rounds = 10 + histories();
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> all = new ArrayList<>();
                for (int thread = 0; thread < threads; thread++) {
                    Bytes name = Bytes.ofUtf8("t" + thread + "/");
                    all.add(executor.submit(() -> {
                        for (int round = 0; round < rounds; round++) {
                            addOnce(uncertain, Bytes.concat(name, Bytes.ofLong(round)));
                        }
                        return null;
                    }));
                }
                for (Future<?> future : all) {
                    future.get();
                }
            }
            assertTrue(uncertain.unanswered() > 0, "every commit was answered");
            try (Transaction last = store.begin()) {
                assertEquals(
                        (long) threads * rounds,
                        last.get(TOTAL).map(Bytes::counter).orElse(0L));
            }
        }
    }

    /** Adds one to a counter, and leaves a key by which a later try finds that an earlier one was done. */
    private static void addOnce(KeyValueStore store, Bytes request) throws InterruptedException {
        store.run(tx -> {
            if (tx.get(request).isEmpty()) {
                tx.put(request, Bytes.EMPTY);
                tx.add(TOTAL, 1);
            }
            return 0;
        });
    }

    @Property(tries = 1, shrinking = ShrinkingMode.OFF)
    protected final void aReaderSeesNoStateThatNoOrderExplains() throws Exception {
        try (KeyValueStore store = open(LIMITS)) {
            // Fekete, O'Neil and O'Neil: a withdrawal that pays a fee since it missed a deposit that a reader has seen.
            Bytes checking = Bytes.ofUtf8("x");
            Bytes savings = Bytes.ofUtf8("y");
            Transaction withdrawal = store.begin();
            withdrawal.get(checking);
            withdrawal.get(savings);
            store.run(deposit -> {
                deposit.put(savings, Counter.encode(20));
                return 0;
            });
            try (Transaction reader = store.begin()) {
                assertEquals(Optional.of(Counter.encode(20)), reader.get(savings));
                assertEquals(Optional.empty(), reader.get(checking));
            }
            withdrawal.put(checking, Counter.encode(-11));
            assertEquals(new CommitResult.Conflicted(CommitResult.Reason.READ_CHANGED), withdrawal.commit());
        }
    }

    private static void checkInterleaved(KeyValueStore store, Random random, int transactions) throws Exception {
        List<Run> open = new ArrayList<>();
        List<Done> done = new ArrayList<>();
        int begun = 0;
        while (begun < transactions || !open.isEmpty()) {
            if (begun < transactions && (open.isEmpty() || (open.size() < 5 && random.nextInt(3) == 0))) {
                open.add(new Run(store.begin(), random));
                begun++;
            } else {
                Run run = open.get(random.nextInt(open.size()));
                if (run.step()) {
                    open.remove(run);
                    run.finish().ifPresent(done::add);
                }
            }
        }
        replay(store, done);
    }

    private static void checkConcurrent(KeyValueStore store, long seed) throws Exception {
        List<Done> done = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Done>>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Random random = new Random(seed + i);
                all.add(threads.submit(() -> runMany(store, random)));
            }
            for (Future<List<Done>> future : all) {
                done.addAll(future.get());
            }
        }
        replay(store, done);
    }

    private static List<Done> runMany(KeyValueStore store, Random random) throws InterruptedException {
        List<Done> done = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Run run = new Run(store.begin(), random);
            boolean last = false;
            while (!last) {
                last = run.step();
            }
            run.finish().ifPresent(done::add);
        }
        return done;
    }

    private static void replay(KeyValueStore store, List<Done> done) {
        TreeMap<Bytes, Bytes> model = new TreeMap<>();
        // At the same version a transaction that only read comes after the one that made the version.
        Comparator<Done> serialOrder = Comparator.comparingLong((Done d) -> d.at().version())
                .thenComparing(d -> !d.wrote())
                .thenComparing(d -> d.at().versionstamp());
        done.stream()
                .sorted(serialOrder)
                .forEach(transaction -> transaction.steps().forEach(step -> step.replay(model)));
        try (Transaction last = store.begin()) {
            assertEquals(entries(model), last.range(everything(), 1000));
        }
    }

    private static List<KeyValue> entries(SortedMap<Bytes, Bytes> map) {
        return map.entrySet().stream()
                .map(entry -> new KeyValue(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static KeyRange everything() {
        return new KeyRange(Bytes.EMPTY, Bytes.wrap(new byte[] {(byte) 0xff}));
    }

    /** One transaction under way. */
    private static final class Run {
        private final Transaction transaction;
        private final Random random;
        private final List<Step> steps = new ArrayList<>();
        private int left;
        private boolean wrote;

        Run(Transaction transaction, Random random) {
            this.transaction = transaction;
            this.random = random;
            this.left = 1 + random.nextInt(6);
        }

        /** Does one more operation; true if it was the last. */
        boolean step() {
            switch (random.nextInt(8)) {
                case 0, 1 -> get(key());
                case 2, 3 -> range(range(), 1 + random.nextInt(4));
                case 4 -> put(key(), Counter.encode(random.nextInt(100)));
                case 5 -> remove(key());
                case 6 -> add(key(), random.nextInt(10));
                default -> clear(range());
            }
            return --left == 0;
        }

        Optional<Done> finish() throws InterruptedException {
            return transaction.commit() instanceof CommitResult.Committed committed
                    ? Optional.of(new Done(committed, wrote, steps))
                    : Optional.empty();
        }

        private void get(Bytes key) {
            Optional<Bytes> found = transaction.get(key);
            steps.add(model -> assertEquals(Optional.ofNullable(model.get(key)), found));
        }

        private void range(KeyRange range, int limit) {
            List<KeyValue> found = transaction.range(range, limit);
            steps.add(model -> {
                List<KeyValue> all = entries(model.subMap(range.begin(), range.end()));
                assertEquals(all.subList(0, Math.min(limit, all.size())), found);
            });
        }

        private void put(Bytes key, Bytes value) {
            wrote = true;
            transaction.put(key, value);
            steps.add(model -> model.put(key, value));
        }

        private void remove(Bytes key) {
            wrote = true;
            transaction.remove(key);
            steps.add(model -> model.remove(key));
        }

        private void add(Bytes key, long delta) {
            wrote = true;
            transaction.add(key, delta);
            steps.add(model -> model.put(key, Counter.add(model.get(key), delta)));
        }

        private void clear(KeyRange range) {
            wrote = true;
            transaction.clear(range);
            steps.add(model -> model.subMap(range.begin(), range.end()).clear());
        }

        private Bytes key() {
            return Bytes.ofUtf8("k" + (char) ('a' + random.nextInt(12)));
        }

        private KeyRange range() {
            char begin = (char) ('a' + random.nextInt(12));
            return new KeyRange(Bytes.ofUtf8("k" + begin), Bytes.ofUtf8("k" + (char) (begin + 1 + random.nextInt(4))));
        }
    }
}
