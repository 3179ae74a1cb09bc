package dev.weft.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.rpc.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterTry;

/**
 * Random transactions, interleaved by a seed and run by threads; then those that committed are done again one after the
 * other, in the order of their versions, on a plain map, where every read must give what it gave.
 */
final class SerializabilityProperties {
    private static final StoreLimits LIMITS = new StoreLimits(64, 256, 1 << 16, 256, 1 << 20, Duration.ofHours(1), 5);

    /** One operation: with its result if it was a read; applied to the model if it was a write. */
    private interface Step {
        void replay(NavigableMap<Bytes, Bytes> model);
    }

    private record Done(long version, boolean wrote, List<Step> steps) {}

    private final List<Path> folders = new ArrayList<>();

    @AfterTry
    void deleteFolders() throws IOException {
        for (Path folder : folders) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        folders.clear();
    }

    @Property(tries = 200)
    void interleavedTransactionsInMemoryAreSerializable(@ForAll long seed) throws Exception {
        try (KeyValueStore store = new MemoryKeyValueStore(LIMITS, Environment.system())) {
            checkInterleaved(store, new Random(seed), 150);
        }
    }

    @Property(tries = 5)
    void interleavedTransactionsOnRocksDbAreSerializable(@ForAll long seed) throws Exception {
        try (KeyValueStore store = openRocksDb()) {
            checkInterleaved(store, new Random(seed), 300);
        }
    }

    @Property(tries = 20)
    void concurrentTransactionsInMemoryAreSerializable(@ForAll long seed) throws Exception {
        try (KeyValueStore store = new MemoryKeyValueStore(LIMITS, Environment.system())) {
            checkConcurrent(store, seed);
        }
    }

    @Property(tries = 5)
    void concurrentTransactionsOnRocksDbAreSerializable(@ForAll long seed) throws Exception {
        try (KeyValueStore store = openRocksDb()) {
            checkConcurrent(store, seed);
        }
    }

    private KeyValueStore openRocksDb() throws IOException {
        Path folder = Files.createTempDirectory("weft-kv");
        folders.add(folder);
        return RocksDbKeyValueStore.open(folder, LIMITS, Environment.system());
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
        Comparator<Done> serialOrder = Comparator.comparingLong(Done::version).thenComparing(d -> !d.wrote());
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
                    ? Optional.of(new Done(committed.version(), wrote, steps))
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
