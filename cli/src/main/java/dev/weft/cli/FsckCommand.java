package dev.weft.cli;

import dev.weft.api.meta.CheckFinding;
import dev.weft.api.meta.CheckStartRequest;
import dev.weft.api.meta.CheckStatus;
import dev.weft.api.meta.CheckStatus.Phase;
import dev.weft.api.meta.CheckStatusRequest;
import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.MetaCheck;
import dev.weft.api.meta.MetaException;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.io.Console;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks the file system of a cluster that runs. */
@Command(
        name = "fsck",
        description = {
            "Checks all names, inodes, quotas and chunks of a cluster against each other, while it is used.",
            "It finds names that lead to nothing or say something else than their inode, inodes that no name leads to, wrong "
                    + "numbers of links, lengths that are not those of the chunks, counters of quotas that are off, and "
                    + "chunks of no file. Each finding was looked at twice, so that no change that is under way is taken for "
                    + "one. A metadata server does the work; stop this command, and it stops as well, within a minute."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing is wrong, or everything that was is repaired",
            "1:something is wrong, or the check could not be ended",
            "2:the command line is wrong",
            "4:the cluster does not answer"
        })
final class FsckCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(100);

    /** More are counted and not kept for JSON. */
    private static final int KEPT_MAX = 1000;

    @Mixin
    private ClusterOption cluster = new ClusterOption();

    @Option(
            names = "--repair",
            description = {
                "Mends what is found: what no name leads to gets one in /lost+found, names that lead to nothing go, numbers are set",
                "right, chunks of no file are removed. Never after metadata were restored from an older dump: newer files are",
                "missing in it, and their chunks would be removed."
            })
    private boolean repair;

    @Option(names = "--json", description = "Prints JSON: counts, and an object for each finding (the first 1000).")
    private boolean json;

    private final List<CheckFinding> kept = new ArrayList<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private long unrepaired;

    @Override
    public Integer call() throws Exception {
        try (ClusterConnection connection = cluster.open()) {
            UUID id = new UUID(
                    connection.environment().random().nextLong(),
                    connection.environment().random().nextLong());
            Credentials root = new Credentials(id, Credentials.ROOT, 0, List.of());
            MetaCheck server = begin(connection, new CheckStartRequest(root, id, repair));
            follow(connection, server, root, id);
        } catch (MetaException e) {
            throw new IOException(e.getMessage(), e);
        }
        long found = counts.values().stream().mapToLong(Long::longValue).sum();
        System.out.print(json ? json(found) + "\n" : text(found));
        return unrepaired == 0 ? 0 : Failures.FAILED;
    }

    /** At the first metadata server that answers. */
    private static MetaCheck begin(ClusterConnection connection, CheckStartRequest request)
            throws NoClusterException, InterruptedException, MetaException {
        RpcException failure = new RpcException(StatusCode.UNAVAILABLE, "there is none");
        for (MetaCheck server : connection.checks()) {
            try {
                server.start(request);
                return server;
            } catch (RpcException e) {
                failure = e;
            }
        }
        String message = "no metadata server begins a check: " + failure.getMessage();
        throw new NoClusterException(message, connection.address(), failure);
    }

    private void follow(ClusterConnection connection, MetaCheck server, Credentials root, UUID id)
            throws MetaException, IOException, InterruptedException {
        long fetched = 0;
        boolean shown = false;
        while (true) {
            CheckStatus status = server.status(new CheckStatusRequest(root, id, fetched));
            status.findings().forEach(this::add);
            fetched += status.findings().size();
            if (!status.failure().isEmpty()) {
                throw new IOException("the check could not be ended: " + status.failure());
            }
            shown |= show(status);
            if (status.phase() == Phase.OVER && fetched == status.found()) {
                break;
            }
            if (status.findings().isEmpty()) {
                connection.environment().clock().sleep(POLL);
            }
        }
        if (shown) {
            System.err.println();
        }
    }

    /** On standard error, if a person looks at it. */
    @SuppressWarnings("SystemConsoleNull") // null still where the runtime has no console provider
    private static boolean show(CheckStatus status) {
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        if (terminal) {
            System.err.printf(Locale.ROOT, "\r%-8s %,14d looked at   ", Names.lower(status.phase()), status.looked());
        }
        return terminal;
    }

    private void add(CheckFinding finding) {
        counts.merge(name(finding), 1L, Long::sum);
        if (!finding.repaired()) {
            unrepaired++;
        }
        if (!json) {
            System.out.println(name(finding) + ": " + finding.message() + (finding.repaired() ? " (repaired)" : ""));
        } else if (kept.size() < KEPT_MAX) {
            kept.add(finding);
        }
    }

    private String text(long found) {
        if (found == 0) {
            return "the file system is sound\n";
        }
        return found + " findings, " + (found - unrepaired) + " repaired\n";
    }

    private Json json(long found) {
        Json byKind = new Json();
        counts.forEach(byKind::put);
        return new Json()
                .put("sound", found == 0)
                .put("findingCount", found)
                .put("repairedCount", found - unrepaired)
                .raw("kinds", byKind.toString())
                .raw(
                        "findings",
                        Json.list(kept.stream()
                                .map(finding -> new Json()
                                        .put("kind", name(finding))
                                        .put("inode", Long.toHexString(finding.inodeId()))
                                        .put("message", finding.message())
                                        .put("repaired", finding.repaired())
                                        .toString())
                                .toList()));
    }

    private static String name(CheckFinding finding) {
        return Names.lower(finding.kind()).replace('_', '-');
    }
}
