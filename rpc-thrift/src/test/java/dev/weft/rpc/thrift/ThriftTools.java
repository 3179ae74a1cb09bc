package dev.weft.rpc.thrift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs of other languages that tests run where they are installed. */
final class ThriftTools {
    /** The version that the committed code is of. */
    private static final String COMPILER = "Thrift version 0.17.0";

    /** The distribution's first, whose packages go there. */
    private static final List<String> PYTHONS = List.of("/usr/bin/python3", "python3");

    private ThriftTools() {}

    static void requireCompiler() throws InterruptedException {
        assumeTrue(
                output("thrift", "--version").startsWith(COMPILER),
                "skipped: generated code is not compared, as there is no Thrift compiler 0.17.0 (thrift-compiler)");
    }

    /** A Python that has Thrift's library. */
    static String python() throws InterruptedException {
        for (String python : PYTHONS) {
            if (output(python, "-c", "import thrift; print('there')").startsWith("there")) {
                return python;
            }
        }
        assumeTrue(false, "skipped: no Python client, as there is none with Thrift's library (python3-thrift)");
        throw new AssertionError();
    }

    /** What a program prints; nothing if it cannot be run. */
    private static String output(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return output;
        } catch (IOException e) {
            return "";
        }
    }

    /** Runs a program to its end, which has to be good, and returns what it printed. */
    static String run(Path directory, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(100, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertTrue(ended, () -> "still runs: " + String.join(" ", command));
        String text = Files.readString(output);
        assertEquals(0, process.exitValue(), text);
        return text;
    }

    /** Generated source by file name. */
    static Map<String, String> sources(Path directory) throws IOException {
        Map<String, String> sources = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(file -> !file.endsWith("package-info.java")).forEach(file -> {
                try {
                    sources.put(String.valueOf(file.getFileName()), Files.readString(file));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return sources;
    }
}
