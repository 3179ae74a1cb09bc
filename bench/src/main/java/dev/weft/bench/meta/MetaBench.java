package dev.weft.bench.meta;

import dev.weft.bench.rpc.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures operations on names beside the local file system and HDFS's NameNode. */
@Command(
        name = "weft bench meta",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures operations on names, as mdtest does: many clients create files, look at each other's, open, list, "
                    + "rename and unlink them, phase by phase; all in one directory, then each client in its own.",
            "",
            "weft: a cluster in processes of its own, metadata on RocksDB, synced. local: the file system of the same disk "
                    + "through java.nio, not synced. hdfs: a NameNode with its edit log on the same disk, synced, and "
                    + "its client; needs a JDK 17 to 23 below /usr/lib/jvm or in WEFT_OLD_JDK.",
            "",
            "The peers take turns, round by round, after one that is not counted. Prints medians.",
            "",
            "Part scale: very many files in one directory are made, listed, looked at and unlinked, and a tree of files is "
                    + "removed by one call; with the memory of client and servers."
        })
public final class MetaBench implements Callable<Integer> {
    /** Whom to measure. */
    enum Peer {
        WEFT,
        LOCAL,
        HDFS
    }

    /** What is measured. */
    enum Part {
        MIX,
        SCALE,
        ALL
    }

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--peers",
            paramLabel = "PEER",
            split = ",",
            defaultValue = "WEFT,LOCAL,HDFS",
            description = "${COMPLETION-CANDIDATES} (all)")
    private List<Peer> peers = List.of();

    @Option(names = "--clients", paramLabel = "N", defaultValue = "64", description = "clients (${DEFAULT-VALUE})")
    private int clients;

    @Option(
            names = "--files",
            paramLabel = "N",
            defaultValue = "12800",
            description = "files of all clients together in each round (${DEFAULT-VALUE})")
    private int files;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "rounds (${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--part",
            paramLabel = "PART",
            defaultValue = "MIX",
            description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE})")
    private Part part = Part.MIX;

    @Option(
            names = "--names",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "of part scale: files in one directory; a tenth of them in the tree (${DEFAULT-VALUE})")
    private int names;

    @Option(
            names = "--hdfs",
            paramLabel = "DIRECTORY",
            defaultValue = "bench-hdfs/target",
            description = "what the build of bench-hdfs has left (${DEFAULT-VALUE})")
    private Path hdfs = Path.of("");

    @Option(
            names = "--dir",
            paramLabel = "DIRECTORY",
            defaultValue = "${sys:java.io.tmpdir}",
            description = "a directory on the disk to use (${DEFAULT-VALUE})")
    private Path parent = Path.of("");

    /** See the class. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new MetaBench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireInRange("--clients", clients, 1, 1024);
        requireInRange("--files", files, clients, 10_000_000);
        requireInRange("--rounds", rounds, 1, 1000);
        requireInRange("--names", names, 10, 100_000_000);
        Path directory = Files.createTempDirectory(parent, "weft-bench-");
        List<NamePeer> started = new ArrayList<>();
        try {
            MetaReport report = new MetaReport();
            report.line("./weft bench meta " + String.join(" ", arguments()));
            report.line("");
            report.line(Machine.describe());
            if (part != Part.MIX) {
                scale(Files.createDirectory(directory.resolve("scale")), report);
            }
            if (part != Part.SCALE) {
                for (Peer peer : peers) {
                    start(peer, directory).ifPresent(started::add);
                }
                measure(started, report);
            }
            System.out.print(report);
            return 0;
        } finally {
            started.forEach(NamePeer::close);
            delete(directory);
        }
    }

    private void scale(Path data, MetaReport report) throws IOException, InterruptedException {
        try (WeftPeer weft = new WeftPeer(data, 1)) {
            Scale scale = new Scale(weft, clients, report);
            scale.wholeTree(names / 10);
            scale.oneDirectory(names);
        }
    }

    private Optional<NamePeer> start(Peer peer, Path directory) throws IOException, InterruptedException {
        Path data = Files.createDirectory(directory.resolve(peer.name()));
        return switch (peer) {
            case WEFT -> Optional.of(new WeftPeer(data, clients));
            case LOCAL -> Optional.of(new LocalPeer(data, clients));
            case HDFS -> {
                Optional<Path> java = OldJdk.java();
                if (java.isEmpty() || !Files.isDirectory(hdfs.resolve("lib"))) {
                    System.err.println("weft: without hdfs, which needs "
                            + (java.isEmpty()
                                    ? "a JDK 17 to 23: apt-get install openjdk-17-jre-headless"
                                    : hdfs + ": mvn -Phdfs package -pl bench-hdfs -am -DskipTests"));
                    yield Optional.empty();
                }
                yield Optional.of(new HdfsPeer(java.get(), hdfs.toAbsolutePath(), data, clients));
            }
        };
    }

    private void measure(List<NamePeer> started, MetaReport report) throws IOException, InterruptedException {
        int evenly = files / clients * clients;
        for (int round = 0; round <= rounds; round++) {
            for (int directories : new int[] {1, clients}) {
                String place =
                        evenly + " files in " + (directories == 1 ? "one directory" : directories + " directories");
                for (NamePeer peer : started) {
                    System.err.println("round " + round + " of " + rounds + ": " + place + ", " + peer.name());
                    var results = peer.run("/round-" + round + "-" + directories, directories, evenly);
                    if (round > 0) {
                        report.add(place, peer.name(), results);
                    }
                }
            }
        }
    }

    private List<String> arguments() {
        return spec == null ? List.of() : spec.commandLine().getParseResult().originalArgs();
    }

    private void requireInRange(String option, long value, long min, long max) {
        if ((value < min || value > max) && spec != null) {
            throw new ParameterException(
                    spec.commandLine(), option + " of " + value + " is not in " + min + " to " + max);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
