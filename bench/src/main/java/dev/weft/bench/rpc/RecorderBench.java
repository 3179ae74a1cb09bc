package dev.weft.bench.rpc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What the flight recorder costs: the same two processes, a server and a client, which both record every call in one turn and none in
 * the next. Turns are short and many, and each is compared with its neighbour, as a machine is not equally fast all the time.
 */
@Command(
        name = "weft bench recorder",
        description = "Compares the throughput of echo with the flight recorder on and off, in the same processes.",
        mixinStandardHelpOptions = true)
public final class RecorderBench implements Callable<Integer> {
    @Option(names = "--rounds", description = "Rounds, each with one turn on and one off (${DEFAULT-VALUE}).")
    private int rounds = 15;

    @Option(names = "--millis", description = "Measured time of one turn (${DEFAULT-VALUE}).")
    private long millis = 1000;

    @Option(names = "--warmup", description = "Seconds of work before the first round (${DEFAULT-VALUE}).")
    private int warmup = 20;

    @Option(names = "--payload", description = "Bytes (${DEFAULT-VALUE}).")
    private int payload = 16;

    @Option(names = "--in-flight", split = ",", description = "Calls in flight (64,1).")
    private List<Integer> inFlight = List.of(64, 1);

    @Option(names = "--folder", description = "For the records, removed afterwards (a temporary one).")
    private Path folder = Path.of(System.getProperty("java.io.tmpdir"), "weft-recorder-bench");

    /** See the class. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new RecorderBench()).execute(arguments));
    }

    private record Turn(long calls, double cpuSeconds) {}

    @Override
    public Integer call() throws IOException {
        System.out.println(Machine.describe());
        try (ChildJvm server = new ChildJvm(
                "2g", RecorderSide.class, "server", folder.resolve("server").toString())) {
            String port = server.readLine();
            try (ChildJvm client = new ChildJvm(
                    "2g", RecorderSide.class, "client", folder.resolve("client").toString(), port)) {
                measure(server, client);
            }
        } finally {
            remove(folder);
        }
        return 0;
    }

    private void measure(ChildJvm server, ChildJvm client) throws IOException {
        for (boolean on : new boolean[] {false, true, false, true}) {
            turn(server, client, on, inFlight.getFirst(), warmup * 250L);
        }
        for (int calls : inFlight) {
            List<Double> throughput = new ArrayList<>();
            List<Double> cpu = new ArrayList<>();
            List<Double> off = new ArrayList<>();
            List<Double> cpuOff = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                // First one, then the other first, so that neither gains by its place.
                boolean first = round % 2 == 0;
                Turn one = turn(server, client, first, calls, millis);
                Turn other = turn(server, client, !first, calls, millis);
                Turn with = first ? one : other;
                Turn without = first ? other : one;
                off.add(without.calls() * 1e3 / millis);
                throughput.add((double) with.calls() / without.calls());
                cpuOff.add(without.cpuSeconds() / without.calls() * 1e9);
                cpu.add(with.cpuSeconds() / with.calls() * without.calls() / without.cpuSeconds());
                System.err.printf(
                        Locale.ROOT,
                        "%d in flight, round %d: %,d off, %,d on%n",
                        calls,
                        round + 1,
                        without.calls(),
                        with.calls());
            }
            System.out.printf(
                    Locale.ROOT,
                    "%d B, %d in flight: %,.0f calls/s and %,.0f ns of processors a call off;"
                            + " on/off in the same round, quartiles: throughput %s, processor time %s%n",
                    payload,
                    calls,
                    quartile(off, 2),
                    quartile(cpuOff, 2),
                    quartiles(throughput),
                    quartiles(cpu));
        }
        System.out.println("recorded and dropped: server " + server.ask("off") + ", client " + client.ask("off"));
    }

    private Turn turn(ChildJvm server, ChildJvm client, boolean on, int calls, long measureMillis) throws IOException {
        String state = on ? "on" : "off";
        server.ask(state);
        client.ask(state);
        // Not part of the turn: the code that is now taken another way.
        client.ask("run " + payload + " " + calls + " 0 100");
        double before = server.cpuSeconds() + client.cpuSeconds();
        long made = Long.parseLong(client.ask("run " + payload + " " + calls + " 0 " + measureMillis));
        return new Turn(made, server.cpuSeconds() + client.cpuSeconds() - before);
    }

    private static String quartiles(List<Double> figures) {
        return String.format(
                Locale.ROOT, "%.3f %.3f %.3f", quartile(figures, 1), quartile(figures, 2), quartile(figures, 3));
    }

    private static double quartile(List<Double> figures, int number) {
        List<Double> sorted = figures.stream().sorted().toList();
        return sorted.get((sorted.size() - 1) * number / 4);
    }

    private static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
