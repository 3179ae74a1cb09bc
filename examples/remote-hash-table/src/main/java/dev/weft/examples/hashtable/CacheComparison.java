package dev.weft.examples.hashtable;

import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Environment;
import dev.weft.rpc.MethodMetrics;
import dev.weft.rpc.Peer;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.Subtask;
import dev.weft.rpc.TaskScope;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;

/**
 * Measures gets by one-sided reads beside gets by calls, of the same cache by the same number of threads.
 *
 * <p>Arguments, each of which may be left out: address ({@code tcp://127.0.0.1:0}), seconds for each line (2), bytes of a value
 * (128). Server and readers share this process.
 */
public final class CacheComparison {
    private static final int ENTRIES = 4096;
    private static final int[] THREADS = {1, 4, 16};

    private final Environment environment = Environment.system();
    private final Peer peer;
    private final RpcServer server;
    private final long nanos;

    /** How a thread gets a value. */
    private interface Getter {
        boolean get(String name);
    }

    private CacheComparison(Peer peer, RpcServer server, long nanos) {
        this.peer = peer;
        this.server = server;
        this.nanos = nanos;
    }

    /** Prints a small table. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String address = arguments.length > 0 ? arguments[0] : "tcp://127.0.0.1:0";
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2;
        int valueBytes = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 128;
        int bucketBytes = (valueBytes + 64 + 7) / 8 * 8;
        try (CacheService cache = new CacheService(BufferPool.shared(), 4 * ENTRIES, bucketBytes);
                RpcServer server = RpcServer.builder()
                        .bind(CacheRpc.SERVICE, cache)
                        .listen(address)
                        .start();
                RpcClient client = RpcClient.create()) {
            for (int i = 0; i < ENTRIES; i++) {
                cache.put(new Cache.Entry("entry " + i, MemorySegment.ofArray(new byte[valueBytes])));
            }
            System.out.println(server.address() + ", values of " + valueBytes + " bytes");
            System.out.println("  threads  gets by   gets/s   p50 us   p99 us  calls/get");
            var comparison = new CacheComparison(client.peer(server.address()), server, seconds * 1_000_000_000L);
            for (int threads : THREADS) {
                comparison.measure(threads, "calls", false);
                comparison.measure(threads, "reads", true);
            }
        }
    }

    private void measure(int threads, String how, boolean oneSided) throws InterruptedException {
        measure(threads, oneSided); // warms up
        long callsBefore = callsServed();
        Histogram latencies = measure(threads, oneSided);
        double gets = latencies.getTotalCount();
        System.out.printf(
                "  %7d  %-7s %8.0f %8.1f %8.1f %10.3f%n",
                threads,
                how,
                gets / nanos * 1e9,
                latencies.getValueAtPercentile(50) / 1e3,
                latencies.getValueAtPercentile(99) / 1e3,
                (callsServed() - callsBefore) / gets);
    }

    private Histogram measure(int threads, boolean oneSided) throws InterruptedException {
        List<Subtask<Histogram>> all = new ArrayList<>();
        try (TaskScope scope = TaskScope.open(environment)) {
            for (int i = 0; i < threads; i++) {
                long seed = i;
                all.add(scope.fork(() -> oneSided ? byReads(seed) : byCalls(seed)));
            }
            scope.join();
        }
        Histogram sum = new Histogram(3);
        all.forEach(each -> sum.add(each.get()));
        return sum;
    }

    private Histogram byReads(long seed) {
        try (CacheReader reader = new CacheReader(peer, BufferPool.shared())) {
            return measureOne(name -> reader.get(name).isPresent(), seed);
        }
    }

    private Histogram byCalls(long seed) {
        Cache cache = CacheRpc.SERVICE.stub(peer);
        return measureOne(name -> cache.get(new Cache.Key(name)).value().isPresent(), seed);
    }

    private Histogram measureOne(Getter getter, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Histogram latencies = new Histogram(3);
        long begin = environment.clock().nanoTime();
        long now = begin;
        while (now - begin < nanos) {
            getter.get("entry " + random.nextInt(ENTRIES));
            long after = environment.clock().nanoTime();
            latencies.recordValue(after - now);
            now = after;
        }
        return latencies;
    }

    private long callsServed() {
        return server.metrics().methods().stream()
                .mapToLong(MethodMetrics::calls)
                .sum();
    }
}
