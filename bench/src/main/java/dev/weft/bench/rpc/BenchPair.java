package dev.weft.bench.rpc;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** A server and a client process of one peer, which wait between measurements. */
final class BenchPair implements AutoCloseable {
    /** The same for all peers; Netty and gRPC ask for the first on recent JDKs. */
    private static final List<String> JVM_OPTIONS = List.of(
            "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED", "-Xmx2g", "-Xms512m");

    private final String peer;
    private final Process server;
    private final Process client;
    private final BufferedReader fromClient;
    private final BufferedWriter toClient;

    BenchPair(String peer) throws IOException {
        this.peer = peer;
        this.server = start(List.of("server", peer));
        String port = readLine(reader(server));
        this.client = start(List.of("client", peer, port));
        this.fromClient = reader(client);
        this.toClient = new BufferedWriter(new OutputStreamWriter(client.getOutputStream(), StandardCharsets.UTF_8));
    }

    private static Process start(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BenchSide.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static BufferedReader reader(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    String peer() {
        return peer;
    }

    /** Has the pair work, alone, and reports what came of it. */
    Measurement measure(Scenario scenario, long warmupMillis, long measureMillis) throws IOException {
        double cpuBefore = cpuSeconds();
        long begun = System.nanoTime();
        toClient.write(scenario.payloadBytes() + " " + scenario.inFlight() + " " + warmupMillis + " " + measureMillis);
        toClient.newLine();
        toClient.flush();
        String[] words = readLine(fromClient).split(" ", -1);
        double elapsed = (System.nanoTime() - begun) / 1e9;
        double cpu = cpuSeconds() - cpuBefore;
        long calls = Long.parseLong(words[0]);
        double seconds = measureMillis / 1e3;
        // Processor time covers the warm-up too, so it is divided by the share of time that was measured.
        double cpuMicros = calls == 0 ? Double.NaN : cpu * (seconds / elapsed) * 1e6 / calls;
        return new Measurement(peer, scenario, calls / seconds, cpuMicros, decode(words[1]));
    }

    private static Histogram decode(String text) throws IOException {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(text)), 0);
        } catch (DataFormatException e) {
            throw new IOException("broken histogram", e);
        }
    }

    private String readLine(BufferedReader from) throws IOException {
        @Nullable String line = from.readLine();
        if (line == null) {
            throw new IOException("a process of " + peer + " ended; run it by hand to see why");
        }
        return line;
    }

    /** User and system time of both processes. */
    private double cpuSeconds() throws IOException {
        return cpuSeconds(server) + cpuSeconds(client);
    }

    private static double cpuSeconds(Process process) throws IOException {
        String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        // Fields 14 and 15 of proc(5), in ticks of a hundredth of a second.
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
    }

    @Override
    public void close() {
        for (Process process : List.of(client, server)) {
            process.destroy();
            try {
                if (!process.waitFor(5, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
