package dev.weft.bench.rpc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures all peers side by side; see {@link #HELP}. */
public final class RpcBench {
    private static final String HELP = """
            Usage: weft bench rpc [options]
              --rounds N         interleaved rounds (default 5)
              --seconds S        measured time of one peer in one round (default 2)
              --warmup S         time that each process works before the first round (default 20)
              --peers A,B        of weft, grpc-blocking, grpc-best, thrift, rsocket, netty-inline, netty-virtual, socket
              --payloads A,B     in bytes (default 16,4096,65536,1048576)
              --in-flight A,B    calls in flight (default 1,16,64,256)
              --out DIRECTORY    where the CSV and the page go (default bench/results)
            """;

    private static final List<String> PEERS = List.of(
            "weft", "grpc-blocking", "grpc-best", "thrift", "rsocket", "netty-inline", "netty-virtual", "socket");

    private final Map<String, String> options = new LinkedHashMap<>();

    private RpcBench(String[] arguments) {
        List<String> known =
                List.of("--rounds", "--seconds", "--warmup", "--peers", "--payloads", "--in-flight", "--out");
        for (int i = 0; i < arguments.length; i += 2) {
            if (!known.contains(arguments[i]) || i + 1 == arguments.length) {
                throw new IllegalArgumentException("option '" + arguments[i] + "' is not known or lacks a value");
            }
            options.put(arguments[i], arguments[i + 1]);
        }
    }

    /** See {@link #HELP}. */
    public static void main(String[] arguments) throws IOException {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.print(HELP);
            return;
        }
        RpcBench bench;
        try {
            bench = new RpcBench(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + HELP);
            System.exit(2);
            return;
        }
        bench.run();
    }

    private void run() throws IOException {
        List<String> peers = list("--peers", PEERS);
        List<Scenario> scenarios = new ArrayList<>();
        for (String payload : list("--payloads", List.of("16", "4096", "65536", "1048576"))) {
            for (String inFlight : list("--in-flight", List.of("1", "16", "64", "256"))) {
                scenarios.add(new Scenario(Integer.parseInt(payload), Integer.parseInt(inFlight)));
            }
        }
        int rounds = number("--rounds", 5);
        System.out.println(Machine.describe());
        List<BenchPair> pairs = new ArrayList<>();
        try {
            for (String peer : peers) {
                pairs.add(new BenchPair(peer));
            }
            warmUp(pairs, number("--warmup", 20) * 1000L);
            List<Measurement> all = measure(pairs, scenarios, rounds, number("--seconds", 2) * 1000L);
            Report report = new Report(all);
            System.out.print(report.text());
            report.write(Path.of(options.getOrDefault("--out", "bench/results")));
        } finally {
            pairs.forEach(BenchPair::close);
        }
    }

    private static void warmUp(List<BenchPair> pairs, long millis) throws IOException {
        for (BenchPair pair : pairs) {
            System.err.println("warming up " + pair.peer());
            pair.measure(new Scenario(16, 64), millis * 7 / 10, 1);
            pair.measure(new Scenario(16, 1), millis / 10, 1);
            pair.measure(new Scenario(1 << 20, 4), millis / 5, 1);
        }
    }

    private static List<Measurement> measure(
            List<BenchPair> pairs, List<Scenario> scenarios, int rounds, long measureMillis) throws IOException {
        List<Measurement> all = new ArrayList<>();
        for (Scenario scenario : scenarios) {
            for (int round = 1; round <= rounds; round++) {
                for (BenchPair pair : pairs) {
                    Measurement one = pair.measure(scenario, Math.max(300, measureMillis / 4), measureMillis);
                    all.add(one);
                    System.err.printf(
                            "%s, round %d: %s %,.0f/s, p50 %.0f us, %.2f cpu us%n",
                            scenario, round, one.peer(), one.callsPerSecond(), one.micros(50), one.cpuMicros());
                }
            }
        }
        return all;
    }

    private List<String> list(String option, List<String> otherwise) {
        String value = options.get(option);
        return value == null ? otherwise : Arrays.asList(value.split(",", -1));
    }

    private int number(String option, int otherwise) {
        String value = options.get(option);
        return value == null ? otherwise : Integer.parseInt(value);
    }
}
