package dev.weft.bench.rpc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What connections that do nothing and calls that wait cost a server; see {@link #HELP}. */
public final class IdleBench {
    private static final String HELP = """
            Usage: weft bench idle [options]
              --listen ADDRESS   where the server listens (default tcp://127.0.0.1:0); an rdma:// address needs a device
              --connections N    idle connections, 2 at least (default 10000; the limit of open files must allow for it)
              --calls N          calls that wait in their handlers at the same time (default 100000; 0 leaves that part out)
              --out DIRECTORY    where idle.txt goes (default bench/results)
            The server is a JVM of its own with a heap of at most 1 GiB.
            """;

    /** Files that a JVM has open besides its connections. */
    private static final int OTHER_FILES = 200;

    /** Of a connection over TCP; over RDMA its ring alone is more. */
    private static final long TARGET_BYTES = 40 * 1024;

    /** Opened before anything is measured: what the first connections load is not what a connection costs. */
    private static final int FIRST_MAX = 50;

    private static final double MIB = 1 << 20;

    /** So that the compiler and the collector have done what the opening of connections has left them. */
    private static final int SETTLE_SECONDS = 10;

    private static final int IDLE_SECONDS = 30;

    private String listen = "tcp://127.0.0.1:0";
    private int connections = 10_000;
    private int calls = 100_000;
    private Path out = Path.of("bench/results");
    private final StringBuilder report = new StringBuilder();

    private IdleBench(String[] arguments) {
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException("option '" + arguments[i] + "' lacks a value");
            }
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--listen" -> listen = value;
                case "--connections" -> connections = number(arguments[i], value, 2, 60_000);
                case "--calls" -> calls = number(arguments[i], value, 0, 131_072);
                case "--out" -> out = Path.of(value);
                default -> throw new IllegalArgumentException("option '" + arguments[i] + "' is not known");
            }
        }
    }

    private static int number(String option, String value, int min, int max) {
        int number = Integer.parseInt(value);
        if (number < min || number > max) {
            throw new IllegalArgumentException(option + " of " + number + " is not in " + min + ".." + max);
        }
        return number;
    }

    /** See {@link #HELP}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.print(HELP);
            return;
        }
        IdleBench bench;
        try {
            bench = new IdleBench(arguments);
            bench.requireFiles();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + HELP);
            System.exit(64);
            return;
        }
        bench.run();
    }

    /** The JVM raises its own limit to the hard one. */
    private void requireFiles() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
            if (line.startsWith("Max open files")) {
                String hard = List.of(line.trim().split("\\s+")).get(4);
                if (!hard.equals("unlimited") && Long.parseLong(hard) < connections + OTHER_FILES) {
                    throw new IllegalArgumentException("a process may open " + hard + " files: raise it to "
                            + (connections + OTHER_FILES) + " with ulimit -n, or pass fewer --connections");
                }
            }
        }
    }

    private void run() throws IOException, InterruptedException {
        note(Machine.describe());
        measureConnections();
        if (calls > 0) {
            measureCalls();
        }
        Files.createDirectories(out);
        Files.writeString(out.resolve("idle.txt"), report);
    }

    private void measureConnections() throws IOException, InterruptedException {
        try (ChildJvm server = new ChildJvm("1g", IdleServer.class, listen);
                ChildJvm client = new ChildJvm("1g", IdleClient.class, server.readLine())) {
            int first = Math.min(FIRST_MAX, connections / 2);
            int others = connections - first;
            client.ask("connect " + first);
            long heapBefore = heap(state(server));
            long before = server.residentBytes();
            long begun = System.nanoTime();
            client.ask("connect " + others);
            double seconds = (System.nanoTime() - begun) / 1e9;
            long raw = server.residentBytes();
            String[] state = state(server);
            long collected = server.residentBytes();
            long each = (raw - before) / others;
            note("");
            note("%s idle connections, opened in %.1f s".formatted(state[0], seconds));
            note("  resident before                  %8.1f MiB".formatted(before / MIB));
            note("  resident with them               %8.1f MiB (%.1f after a collection)"
                    .formatted(raw / MIB, collected / MIB));
            note("  resident for each                %8.1f KiB%s".formatted(each / 1024.0, verdict(each)));
            double heapEach = (heap(state) - heapBefore) / 1024.0 / others;
            note("  heap in use for each             %8.1f KiB".formatted(heapEach));
            Thread.sleep(SETTLE_SECONDS * 1000L);
            double cpu = server.cpuSeconds();
            Thread.sleep(IDLE_SECONDS * 1000L);
            note("  processor time while idle        %8.2f %% of a core over %d s"
                    .formatted(100 * (server.cpuSeconds() - cpu) / IDLE_SECONDS, IDLE_SECONDS));
        }
    }

    private String verdict(long bytes) {
        return listen.startsWith("tcp:") ? " (target: at most 40; " + (bytes <= TARGET_BYTES ? "met)" : "missed)") : "";
    }

    private void measureCalls() throws IOException, InterruptedException {
        try (ChildJvm server = new ChildJvm("1g", IdleServer.class, listen);
                ChildJvm client = new ChildJvm("2g", IdleClient.class, server.readLine())) {
            long heapBefore = heap(state(server));
            long before = server.residentBytes();
            long begun = System.nanoTime();
            client.ask("call " + calls);
            awaitCalls(server);
            double seconds = (System.nanoTime() - begun) / 1e9;
            long resident = server.residentBytes();
            long heap = heap(state(server));
            long released = System.nanoTime();
            server.ask("release");
            String[] ended = client.ask("join").split(" ", -1);
            double secondsToEnd = (System.nanoTime() - released) / 1e9;
            note("");
            note("%d calls that wait in their handlers, on one connection, all there after %.1f s"
                    .formatted(calls, seconds));
            note("  heap in use                      %8.1f MiB, %.2f KiB for each (of 1024 MiB)"
                    .formatted(heap / MIB, (heap - heapBefore) / 1024.0 / calls));
            note("  resident                         %8.1f MiB, before %.1f".formatted(resident / MIB, before / MIB));
            note("  released: %s answered, %s failed, in %.1f s".formatted(ended[0], ended[1], secondsToEnd));
        }
    }

    /** Gives up after two minutes. */
    private void awaitCalls(ChildJvm server) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + 120_000_000_000L;
        for (int there = 0; there < calls; there = Integer.parseInt(server.ask("calls"))) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("only " + there + " calls of " + calls + " have arrived");
            }
            Thread.sleep(20);
        }
    }

    private static String[] state(ChildJvm server) throws IOException {
        return server.ask("state").split(" ", -1);
    }

    private static long heap(String[] state) {
        return Long.parseLong(state[2]);
    }

    private void note(String line) {
        System.out.println(line);
        report.append(line).append('\n');
    }
}
