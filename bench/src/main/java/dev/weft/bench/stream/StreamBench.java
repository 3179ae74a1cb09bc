package dev.weft.bench.stream;

import com.google.errorprone.annotations.FormatMethod;
import dev.weft.bench.rpc.ChildJvm;
import dev.weft.bench.rpc.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Server streams of all peers side by side; see {@link #HELP}. */
public final class StreamBench {
    private static final String HELP = """
            Usage: weft bench stream [options]
              --rounds N         interleaved rounds (default 5)
              --seconds S        measured time of one peer in one round, at least (default 3)
              --warmup S         time that each pair of processes works before the first round (default 10)
              --peers A,B        of weft, weft-reader, grpc-blocking, grpc-best, socket (default all)
              --bytes A,B        of one message (default 65536)
              --out DIRECTORY    where stream.txt goes (default bench/results)
            One stream on one connection over loopback, from a server process to a client process. Peers compare to the
            two ways of grpc-java in the same run. The socket carries the bytes alone, from and to native memory: the bound.
            """;

    private int rounds = 5;
    private int seconds = 3;
    private int warmup = 10;
    private List<String> peers = List.of("weft", "weft-reader", "grpc-blocking", "grpc-best", "socket");
    private List<Integer> sizes = List.of(65_536);
    private Path out = Path.of("bench/results");
    private final StringBuilder report = new StringBuilder();

    private StreamBench(String[] arguments) {
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException("option '" + arguments[i] + "' lacks a value");
            }
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--seconds" -> seconds = Integer.parseInt(value);
                case "--warmup" -> warmup = Integer.parseInt(value);
                case "--peers" -> peers = Arrays.asList(value.split(",", -1));
                case "--bytes" ->
                    sizes = Arrays.stream(value.split(",", -1))
                            .map(Integer::valueOf)
                            .toList();
                case "--out" -> out = Path.of(value);
                default -> throw new IllegalArgumentException("option '" + arguments[i] + "' is not known");
            }
        }
    }

    /** See {@link #HELP}. */
    public static void main(String[] arguments) throws IOException {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.print(HELP);
            return;
        }
        StreamBench bench;
        try {
            bench = new StreamBench(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + HELP);
            System.exit(64);
            return;
        }
        bench.run(arguments);
    }

    /** What one pair did in one round. */
    private record Round(double megabytesPerSecond, double serverBytes, double clientBytes, double cpuMicros) {}

    private void run(String[] arguments) throws IOException {
        say("./weft bench stream %s", String.join(" ", arguments));
        say("%s", Machine.describe());
        List<StreamPair> pairs = new ArrayList<>();
        try {
            for (String peer : peers) {
                StreamPair pair = new StreamPair(peer);
                pairs.add(pair);
                for (int bytes : sizes) {
                    pair.measure(bytes, warmup * 1000L / sizes.size());
                }
            }
            for (int bytes : sizes) {
                compare(pairs, bytes);
            }
        } finally {
            pairs.forEach(StreamPair::close);
        }
        Files.createDirectories(out);
        Files.writeString(out.resolve("stream.txt"), report);
    }

    private void compare(List<StreamPair> pairs, int bytes) throws IOException {
        List<List<Round>> all = new ArrayList<>();
        pairs.forEach(pair -> all.add(new ArrayList<>()));
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < pairs.size(); i++) {
                all.get(i).add(pairs.get(i).measure(bytes, seconds * 1000L));
            }
        }
        double blocking = megabytesPerSecond("grpc-blocking", all);
        double best = megabytesPerSecond("grpc-best", all);
        say("");
        say("messages of %,d bytes, medians of %d interleaved rounds", bytes, rounds);
        say(
                "%-14s %8s %14s %16s %12s %18s %10s",
                "", "MB/s", "grpc-best is 1", "grpc-blocking 1", "cpu us each", "allocated, server", "client");
        for (int i = 0; i < pairs.size(); i++) {
            Round median = median(all.get(i));
            say(
                    "%-14s %,8.0f %14.2f %16.2f %12.2f %,18.0f %,10.0f",
                    peers.get(i),
                    median.megabytesPerSecond(),
                    median.megabytesPerSecond() / best,
                    median.megabytesPerSecond() / blocking,
                    median.cpuMicros(),
                    median.serverBytes(),
                    median.clientBytes());
        }
    }

    private double megabytesPerSecond(String peer, List<List<Round>> all) {
        int index = peers.indexOf(peer);
        return index < 0 ? Double.NaN : median(all.get(index)).megabytesPerSecond();
    }

    private static Round median(List<Round> rounds) {
        List<Round> sorted = new ArrayList<>(rounds);
        sorted.sort((a, b) -> Double.compare(a.megabytesPerSecond(), b.megabytesPerSecond()));
        return sorted.get(sorted.size() / 2);
    }

    @FormatMethod
    private void say(String format, Object... values) {
        String line = String.format(Locale.ROOT, format, values);
        System.out.println(line);
        report.append(line).append('\n');
    }

    /** A server and a client process of one peer, which wait between measurements. */
    private static final class StreamPair implements AutoCloseable {
        private static final String HEAP = "1g";

        private final ChildJvm server;
        private final ChildJvm client;

        StreamPair(String peer) throws IOException {
            server = new ChildJvm(HEAP, StreamSide.class, "server", peer);
            client = new ChildJvm(HEAP, StreamSide.class, "client", peer, server.readLine());
        }

        Round measure(int bytes, long millis) throws IOException {
            double cpu = server.cpuSeconds() + client.cpuSeconds();
            long allocated = Long.parseLong(server.ask(""));
            String[] words = client.ask(bytes + " " + millis).split(" ", -1);
            double pieces = Long.parseLong(words[0]);
            double nanos = Long.parseLong(words[1]);
            return new Round(
                    pieces * bytes * 1e3 / nanos,
                    (Long.parseLong(server.ask("")) - allocated) / pieces,
                    Long.parseLong(words[2]) / pieces,
                    (server.cpuSeconds() + client.cpuSeconds() - cpu) * 1e6 / pieces);
        }

        @Override
        public void close() {
            client.close();
            server.close();
        }
    }
}
