package dev.weft.cli;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.StatusReply;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks at the cluster and changes it. */
@Command(
        name = "cluster",
        description = "Looks at the cluster and changes it.",
        subcommands = {
            ClusterCommand.Status.class,
            ClusterCommand.Counters.class,
            ClusterLists.Nodes.class,
            ClusterLists.TargetList.class,
            ClusterLists.ChainList.class,
            ClusterLists.Tables.class,
            ClusterLists.ClientList.class,
            ConfigCommand.class,
            TargetCommand.class,
            ChainCommand.class,
            RelocationCommands.Drain.class,
            RelocationCommands.Rebalance.class,
            RelocationCommands.Operations.class,
            RelocationCommands.Forget.class,
            RelocationCommands.Table.class
        },
        mixinStandardHelpOptions = true)
final class ClusterCommand {
    /** Prints nodes and chains. */
    @Command(
            name = "status",
            description = "Shows nodes and chains. Exit code 1 if a chain is not whole.",
            mixinStandardHelpOptions = true)
    static final class Status implements Callable<Integer> {
        @Mixin
        private ClusterOption cluster = new ClusterOption();

        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            try (ClusterConnection connection = cluster.open()) {
                StatusReply status = connection.status();
                System.out.print(json ? Json.of(status) + "\n" : StatusText.of(status));
                return isWhole(status) ? 0 : 1;
            }
        }
    }

    /** Prints what transports and storage services have done. */
    @Command(
            name = "counters",
            description = {
                "Shows what the transports and storage services of all servers have done since they were started, added up:",
                "counts, and bytes where a name ends in -bytes. Over RDMA these are work requests and one-sided bytes; TCP",
                "counts nothing. What begins with storage. are events of replication, recovery, repair and scrubbing."
            },
            mixinStandardHelpOptions = true)
    static final class Counters implements Callable<Integer> {
        @Mixin
        private ClusterOption cluster = new ClusterOption();

        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            try (ClusterConnection connection = cluster.open()) {
                SortedMap<String, Long> counters = connection.transportCounters();
                if (json) {
                    Json object = new Json();
                    counters.forEach(object::put);
                    System.out.println(object);
                } else {
                    counters.forEach((name, value) -> System.out.printf("%-28s %16d%n", name, value));
                }
                return 0;
            }
        }
    }

    /** Whether there are chains, and all of their targets serve. */
    static boolean isWhole(StatusReply status) {
        List<Chain> chains = status.routing().chains();
        return !chains.isEmpty() && chains.stream().allMatch(StatusText::isWhole);
    }

    /** The tables of the status command. */
    static final class StatusText {
        private StatusText() {}

        static String of(StatusReply status) {
            StringBuilder text = new StringBuilder();
            text.append("routing version ").append(status.routing().version()).append('\n');
            text.append(String.format("%n%-6s %-8s %-6s %s%n", "node", "role", "state", "addresses"));
            for (NodeInfo node : status.routing().nodes()) {
                text.append(String.format(
                        "%-6d %-8s %-6s %s%n",
                        node.nodeId(),
                        Names.lower(node.role()),
                        node.alive() ? "up" : "down",
                        String.join(", ", node.addresses())));
            }
            text.append(String.format("%n%-6s %-8s %-9s %s%n", "chain", "version", "state", "targets, head first"));
            for (Chain chain : status.routing().chains()) {
                text.append(line(chain));
            }
            return text.toString();
        }

        static String line(Chain chain) {
            return String.format(
                    "%-6d %-8d %-9s %s%n",
                    chain.chainId(),
                    chain.version(),
                    isWhole(chain) ? "whole" : "degraded",
                    chain.targets().stream().map(StatusText::target).collect(Collectors.joining("  ")));
        }

        static boolean isWhole(Chain chain) {
            return chain.targets().stream()
                    .allMatch(target -> target.state() == dev.weft.api.cluster.PublicState.SERVING);
        }

        private static String target(ChainTarget target) {
            return target.targetId() + "@" + target.nodeId() + " " + Names.lower(target.state());
        }
    }
}
