package dev.weft.bench.rdma;

import dev.weft.bench.rpc.Machine;
import dev.weft.rpc.rdma.ffm.FfmVerbsProvider;
import dev.weft.rpc.rdma.verbs.Device;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Measures RDMA side by side on the devices of this machine, or its cost in software; see {@link #HELP}. */
public final class RdmaBench {
    static final String HELP = """
            Usage: weft bench rdma [options]
            Compares Weft over RDMA, Weft over TCP, DiSNI's own interface and the C programs of perftest at the same address.
            Where there is no RDMA device, in a guest that has one (rdma-lab/README.md).
              --rounds N         interleaved rounds (default 5)
              --millis M         measured time of one subject in one round (default 700)
              --warmup-millis M  time that each subject works at each operation before the first round (default 2500)
              --address A        of the device to use (default: the first device's first)
              --out DIRECTORY    where the results go (default bench/results)
            or
              --software [--rounds N]   what the transport's own code costs, over devices in software, by JMH
            """;

    private static final List<String> SUBJECTS = List.of("weft-rdma", "weft-tcp", "disni");
    private static final List<String> OPTIONS =
            List.of("--rounds", "--millis", "--warmup-millis", "--address", "--out");

    private final Map<String, String> options = new LinkedHashMap<>();

    private RdmaBench(String[] arguments) {
        for (int i = 0; i < arguments.length; i += 2) {
            if (!OPTIONS.contains(arguments[i]) || i + 1 == arguments.length) {
                throw new IllegalArgumentException("option '" + arguments[i] + "' is not known or lacks a value");
            }
            options.put(arguments[i], arguments[i + 1]);
        }
    }

    /** See {@link #HELP}. */
    public static void main(String[] arguments) throws Exception {
        List<String> given = new ArrayList<>(Arrays.asList(arguments));
        if (given.contains("--help")) {
            System.out.print(HELP);
            return;
        }
        try {
            boolean software = given.remove("--software");
            RdmaBench bench = new RdmaBench(given.toArray(String[]::new));
            if (software) {
                SoftwareRounds.run(bench.number("--rounds", 3), Path.of(bench.text("--out", "bench/results")));
            } else {
                bench.run();
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + HELP);
            System.exit(64);
        }
    }

    private void run() throws IOException, InterruptedException {
        String host = options.containsKey("--address") ? text("--address", "") : firstAddress();
        int rounds = number("--rounds", 5);
        String environment = Machine.describe() + "; " + describeDevices();
        System.out.println(environment);
        Perftest.missing().ifPresent(what -> System.out.println("skipped: the programs in C: " + what));
        List<RdmaPair> pairs = new ArrayList<>();
        try {
            for (String subject : SUBJECTS) {
                pairs.add(new RdmaPair(subject, host));
            }
            warmUp(pairs);
            List<Sample> samples = new ArrayList<>();
            for (int round = 1; round <= rounds; round++) {
                samples.addAll(round(round, pairs, new Perftest(host, round)));
                // After each: a run that is broken off leaves what it has.
                new RdmaReport(environment, samples).write(Path.of(text("--out", "bench/results")));
            }
            System.out.print(new RdmaReport(environment, samples).text());
        } finally {
            pairs.forEach(RdmaPair::close);
        }
    }

    private void warmUp(List<RdmaPair> pairs) throws IOException {
        for (RdmaPair pair : pairs) {
            System.err.println("warming up " + pair.subject());
            for (Operation operation : Operation.ALL) {
                if (pair.can(operation)) {
                    pair.measure(operation, number("--warmup-millis", 2500), 1);
                }
            }
        }
    }

    /** Every operation once, all subjects one after the other at each. */
    private List<Sample> round(int round, List<RdmaPair> pairs, Perftest perftest)
            throws IOException, InterruptedException {
        List<Sample> samples = new ArrayList<>();
        int millis = number("--millis", 700);
        for (Operation operation : Operation.ALL) {
            for (RdmaPair pair : pairs) {
                if (pair.can(operation)) {
                    addOrSay(samples, pair.measure(operation, millis / 4, millis), round, operation, pair.subject());
                }
            }
            if (Perftest.missing().isEmpty() && perftest.can(operation)) {
                addOrSay(samples, perftest.measure(operation), round, operation, Perftest.NAME);
            }
        }
        System.err.println("round " + round + " is done");
        return samples;
    }

    private static void addOrSay(
            List<Sample> samples, Optional<Sample> sample, int round, Operation operation, String subject) {
        if (sample.isPresent()) {
            samples.add(sample.get());
        } else {
            System.err.println("round " + round + ", " + operation + ": skipped: " + subject + " did not report");
        }
    }

    private static String firstAddress() throws IOException {
        try (FfmVerbsProvider provider = new FfmVerbsProvider()) {
            return provider.devices().stream()
                    .flatMap(device -> device.addresses().stream())
                    .filter(Inet4Address.class::isInstance)
                    .findFirst()
                    .map(InetAddress::getHostAddress)
                    .orElseThrow(() -> new IOException("no RDMA device has an IPv4 address"));
        }
    }

    private static String describeDevices() throws IOException {
        try (FfmVerbsProvider provider = new FfmVerbsProvider()) {
            return String.join(
                    ", ",
                    provider.devices().stream()
                            .map((Device device) -> "device " + device.name() + (device.isIwarp() ? " (iWARP)" : ""))
                            .toList());
        }
    }

    private String text(String option, String otherwise) {
        return options.getOrDefault(option, otherwise);
    }

    private int number(String option, int otherwise) {
        String value = options.get(option);
        return value == null ? otherwise : Integer.parseInt(value);
    }
}
