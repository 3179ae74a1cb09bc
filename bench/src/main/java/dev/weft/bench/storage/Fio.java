package dev.weft.bench.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The peer: fio, which does nothing but move bytes. */
final class Fio {
    private static final String MEDIAN = "\"50.000000\" : ";

    private Fio() {}

    static boolean installed() {
        return Arrays.stream(System.getenv("PATH").split(":", -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "fio")));
    }

    /** Random reads of files that are there, with a colon between them, by io_uring with O_DIRECT; returns reads/s. */
    static double randomReads(String files, int bytes, int depth, double seconds)
            throws IOException, InterruptedException {
        String output = run(
                "--filename=" + files,
                "--readonly",
                "--rw=randread",
                // Otherwise each run reads the same blocks, which whoever is below this machine then has in memory.
                "--randrepeat=0",
                "--norandommap",
                "--bs=" + bytes,
                "--iodepth=" + depth,
                "--ioengine=io_uring",
                "--direct=1",
                "--time_based",
                "--runtime=" + seconds);
        int read = output.indexOf("\"read\" : {");
        Matcher iops = Pattern.compile("\"iops\" : ([0-9.]+)").matcher(output);
        if (read < 0 || !iops.find(read)) {
            throw new IOException("fio said nothing about reads:\n" + output);
        }
        return Double.parseDouble(iops.group(1));
    }

    /** One writer of 4 KiB with fdatasync after each; median of both together in µs. */
    static double syncedWrite(Path file, double seconds) throws IOException, InterruptedException {
        String output = run(
                "--filename=" + file,
                "--rw=randwrite",
                "--size=64m",
                "--bs=4096",
                "--ioengine=psync",
                "--fdatasync=1",
                "--time_based",
                "--runtime=" + seconds);
        return (medianAfter(output, "\"write\" : {") + medianAfter(output, "\"sync\" : {")) / 1e3;
    }

    /** Files side by side, in pieces of 1 MiB with fdatasync after each; MB/s of one of them. */
    static double sequentialWrite(Path directory, int files, int mebibytes) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        run(
                "--directory=" + directory,
                "--numjobs=" + files,
                "--rw=write",
                "--size=" + mebibytes + "m",
                "--bs=1m",
                "--ioengine=psync",
                "--fdatasync=1",
                // As new ones each time, as the cluster's are.
                "--unlink=1",
                "--fallocate=none");
        return mebibytes * (double) (1 << 20) / 1e6 / ((System.nanoTime() - begun) / 1e9);
    }

    private static double medianAfter(String output, String section) throws IOException {
        int at = output.indexOf(MEDIAN, Math.max(0, output.lastIndexOf(section)));
        if (at < 0) {
            throw new IOException("fio said nothing about " + section + "\n" + output);
        }
        int from = at + MEDIAN.length();
        int to = from;
        while (Character.isDigit(output.charAt(to))) {
            to++;
        }
        return Double.parseDouble(output.substring(from, to));
    }

    private static String run(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("fio", "--name=weft", "--output-format=json"));
        command.addAll(Arrays.asList(options));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + process.exitValue() + "\n" + output);
        }
        return output;
    }
}
