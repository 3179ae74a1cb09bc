package dev.weft.bench.rdma;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The same in C: the programs of the package perftest, which poll without sleeping.
 *
 * <p>{@code ib_send_lat} and {@code ib_write_lat} say half the time of a message there and back, so twice that counts here.
 * An {@code ib_write_lat} there and back is two writes that are seen in memory; a write that is awaited by its completion, as
 * everybody else's here, has no better floor.
 */
final class Perftest {
    static final String NAME = "c";

    private static final int FIRST_PORT = 18_600;
    private static final int SECONDS_MAX = 8;

    private final String host;
    private int nextPort;

    Perftest(String host, int round) {
        this.host = host;
        this.nextPort = FIRST_PORT + 100 * round;
    }

    /** What there is not; empty if everything is there. */
    static Optional<String> missing() {
        for (String tool : List.of("ib_send_lat", "ib_read_lat", "ib_write_lat")) {
            boolean there = Arrays.stream(System.getenv("PATH").split(":", -1))
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
            if (!there) {
                return Optional.of("no " + tool + "; apt-get install perftest");
            }
        }
        return Optional.empty();
    }

    boolean can(Operation operation) {
        return operation.pieces() == 1 && operation.inFlight() == 1;
    }

    /** Runs the pair of programs once; empty if they do not report, as where they cannot tell how fast the processor is. */
    Optional<Sample> measure(Operation operation) throws IOException, InterruptedException {
        String tool = switch (operation.kind()) {
            case ECHO -> "ib_send_lat";
            case READ -> "ib_read_lat";
            case WRITE -> "ib_write_lat";
        };
        int iterations = operation.bytes() >= 1 << 20 ? 10 : 500;
        List<String> command = new ArrayList<>(List.of(tool, "-R", "-F", "-p", String.valueOf(nextPort++)));
        command.addAll(List.of("-s", String.valueOf(operation.bytes()), "-n", String.valueOf(iterations)));
        Process server = start(command);
        command.add(host);
        try {
            for (int attempt = 0; attempt < 20 && server.isAlive(); attempt++) {
                Process client = start(command);
                String output = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (client.waitFor(SECONDS_MAX, TimeUnit.SECONDS) && client.exitValue() == 0) {
                    return parse(operation, output);
                }
                // The server may not listen yet.
                client.destroyForcibly().waitFor();
                Thread.sleep(100);
            }
            return Optional.empty();
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    private static Process start(List<String> command) throws IOException {
        List<String> limited = new ArrayList<>(List.of("timeout", String.valueOf(SECONDS_MAX)));
        limited.addAll(command);
        return new ProcessBuilder(limited)
                .redirectErrorStream(true)
                .redirectOutput(
                        command.getLast().contains(".")
                                ? ProcessBuilder.Redirect.PIPE
                                : ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Bytes, iterations, then in us: minimum, maximum, typical, average, deviation, 99 %, 99.9 %. */
    static Optional<Sample> parse(Operation operation, String output) {
        double scale = operation.kind() == Operation.Kind.READ ? 1 : 2;
        for (String line : output.lines().toList()) {
            String[] fields = line.trim().split("\\s+", -1);
            if (fields.length == 9 && fields[0].equals(String.valueOf(operation.bytes())) && !line.contains("inf")) {
                double typical = scale * Double.parseDouble(fields[4]);
                double average = scale * Double.parseDouble(fields[5]);
                double p99 = scale * Double.parseDouble(fields[7]);
                return Optional.of(new Sample(operation, NAME, 1e6 / average, typical, p99, Double.NaN, Double.NaN));
            }
        }
        return Optional.empty();
    }
}
