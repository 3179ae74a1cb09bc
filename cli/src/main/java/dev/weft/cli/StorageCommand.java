package dev.weft.cli;

import dev.weft.rpc.Environment;
import dev.weft.storage.engine.DiskVerification;
import dev.weft.storage.engine.DiskVerification.Problem;
import dev.weft.storage.engine.DiskVerification.Report;
import dev.weft.storage.engine.FileDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks at the disk of a storage node. */
@Command(
        name = "storage",
        description = "Looks at the disk of a storage node that does not run.",
        subcommands = {StorageCommand.Fsck.class},
        mixinStandardHelpOptions = true)
final class StorageCommand {
    /** Verifies a disk. */
    @Command(
            name = "fsck",
            description = {
                "Verifies the disk of a storage node that does not run, and changes nothing.",
                "It looks for records of the index that cannot be understood, space that two chunks have, space behind the end of "
                        + "its file, checksums that are missing, and, unless told otherwise, reads every byte and compares it "
                        + "with its checksum. What one replica has lost the others still have: start the node without that "
                        + "folder, and it is filled again."
            },
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:the disk is sound",
                "1:something is damaged, or the disk cannot be opened",
                "2:the command line is wrong",
                "3:there is no such folder, or it is not a storage node's"
            })
    static final class Fsck implements Callable<Integer> {
        /** More are counted and not printed. */
        private static final int PRINTED_MAX = 1000;

        @Option(
                names = "--data",
                paramLabel = "DIR",
                required = true,
                description = "Folder of the node, as given to 'weft server', or its folder 'storage'.")
        private Path data = Path.of("");

        @Option(names = "--quick", description = "Looks at the index only and does not read the chunks.")
        private boolean quick;

        @Option(names = "--json", description = "Prints JSON: counts, and an object for each problem (the first 1000).")
        private boolean json;

        private final List<Problem> problems = new ArrayList<>();
        private long unprinted;
        private @Nullable Progress progress;
        private long shown;

        @Override
        public Integer call() throws IOException {
            Report report;
            try (FileDisk disk = FileDisk.open(folder())) {
                report = new DiskVerification(disk, this::add).run(!quick, this::show);
            } finally {
                if (progress != null) {
                    progress.close();
                }
            }
            System.out.print(json ? json(report) + "\n" : text(report));
            return report.problems() == 0 ? 0 : Failures.FAILED;
        }

        /** Only a folder that is a disk: to open one makes it. */
        private Path folder() throws NoSuchFileException {
            for (Path folder : List.of(data.resolve("storage"), data)) {
                if (Files.isRegularFile(folder.resolve("index").resolve("CURRENT"))) {
                    return folder;
                }
            }
            throw new NoSuchFileException(data + " with the index of a storage node");
        }

        private void add(Problem problem) {
            if (problems.size() < PRINTED_MAX) {
                problems.add(problem);
            } else {
                unprinted++;
            }
        }

        private void show(long bytes, long ofBytes) {
            Progress line = progress;
            if (line == null) {
                line = Progress.of("verifying", ofBytes, Environment.system().clock());
                progress = line;
            }
            line.add(bytes - shown);
            shown = bytes;
        }

        private String text(Report report) {
            StringBuilder text = new StringBuilder();
            for (Problem problem : problems) {
                text.append(name(problem))
                        .append(": ")
                        .append(problem.message())
                        .append('\n');
            }
            if (unprinted > 0) {
                text.append("and ").append(unprinted).append(" more\n");
            }
            text.append(String.format(
                    Locale.ROOT,
                    "%d chunks, %d versions, %s %s, %d extents in use, %d slots free, %d channels of clients%n%s%n",
                    report.chunks(),
                    report.versions(),
                    Sizes.text(report.verifiedBytes()),
                    quick ? "read (quick)" : "read and verified",
                    report.extents(),
                    report.freeSlots(),
                    report.applied(),
                    report.problems() == 0 ? "the disk is sound" : report.problems() + " problems"));
            return text.toString();
        }

        private Json json(Report report) {
            return new Json()
                    .put("sound", report.problems() == 0)
                    .put("chunks", report.chunks())
                    .put("versions", report.versions())
                    .put("verifiedBytes", report.verifiedBytes())
                    .put("extents", report.extents())
                    .put("freeSlots", report.freeSlots())
                    .put("applied", report.applied())
                    .put("problemCount", report.problems())
                    .raw(
                            "problems",
                            Json.list(problems.stream()
                                    .map(problem -> new Json()
                                            .put("kind", name(problem))
                                            .put("harmful", problem.harmful())
                                            .put("message", problem.message())
                                            .toString())
                                    .toList()));
        }

        private static String name(Problem problem) {
            return Names.lower(problem.kind()).replace('_', '-');
        }
    }

    private StorageCommand() {}
}
