package dev.weft.bench.rdma;

import dev.weft.bench.rpc.Load;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;

/**
 * One process of a measurement: {@code server SUBJECT HOST} prints where it is; {@code client SUBJECT SERVER} then takes a
 * line {@code operation warmupMillis measureMillis} at a time and answers with {@code count p50 p99 calls}: in
 * nanoseconds, and calls of verbs for each operation. Ends
 * with its input.
 */
public final class RdmaSide {
    private RdmaSide() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Subject subject = Subject.named(arguments[1]);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (arguments[0].equals("server")) {
            System.out.println(subject.serve(arguments[2]));
            while (in.readLine() != null) {
                // Serves until the input ends.
            }
        } else {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(measure(subject, arguments[2], line));
            }
        }
        System.exit(0);
    }

    private static String measure(Subject subject, String server, String line) throws Exception {
        String[] words = line.split(" ", -1);
        Operation operation = Operation.decode(words[0]);
        long warmupNanos = Long.parseLong(words[1]) * 1_000_000L;
        long measureNanos = Long.parseLong(words[2]) * 1_000_000L;
        AtomicReference<Load> load = new AtomicReference<>();
        double calls = subject.run(server, operation, () -> {
                    Load begun = new Load(operation.inFlight(), warmupNanos, measureNanos);
                    load.set(begun);
                    return begun;
                })
                .orElse(Double.NaN);
        Histogram result = load.get().result();
        return String.format(
                Locale.ROOT,
                "%d %d %d %.2f",
                result.getTotalCount(),
                result.getValueAtPercentile(50),
                result.getValueAtPercentile(99),
                calls);
    }
}
