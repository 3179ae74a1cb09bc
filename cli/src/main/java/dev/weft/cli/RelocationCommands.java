package dev.weft.cli;

import dev.weft.api.cluster.ClusterChange;
import dev.weft.api.cluster.Move;
import dev.weft.api.cluster.OperationsReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moving targets between nodes while chains keep their replicas. */
final class RelocationCommands {
    private static final Duration POLL = Duration.ofSeconds(1);

    private RelocationCommands() {}

    @Command(
            name = "drain",
            description = {
                "Moves everything off a storage node, one target at a time, while each chain keeps its replicas.",
                "It goes on by itself, also after the manager has failed; afterwards the node can be stopped."
            },
            mixinStandardHelpOptions = true)
    static final class Drain extends AdminCommand {
        @Parameters(paramLabel = "NODE", description = "Number of the node.")
        private int node;

        @Option(names = "--cancel", description = "Ends it: what has not been moved stays.")
        private boolean cancel;

        @Option(names = "--wait", description = "Shows the progress until the node is empty.")
        private boolean wait;

        @Override
        int run(ClusterConnection connection) throws Exception {
            int exitCode = change(connection, new ClusterChange.DrainNode(node, cancel));
            if (wait && !cancel) {
                await(
                        connection,
                        json(),
                        operations -> operations.drains().stream()
                                .filter(drain -> drain.nodeId() == node)
                                .mapToInt(OperationsReply.Drain::left)
                                .sum());
            }
            return exitCode;
        }
    }

    @Command(
            name = "rebalance",
            description = {
                "Moves targets until every storage node has its share, as after nodes were added.",
                "A few at a time; each chain keeps its replicas."
            },
            mixinStandardHelpOptions = true)
    static final class Rebalance extends AdminCommand {
        @Option(names = "--cancel", description = "Ends it: moves under way are finished, no more begin.")
        private boolean cancel;

        @Option(names = "--wait", description = "Shows the progress until it is done.")
        private boolean wait;

        @Override
        int run(ClusterConnection connection) throws Exception {
            int exitCode = change(connection, new ClusterChange.Rebalance(cancel));
            if (wait && !cancel) {
                await(connection, json(), operations -> operations.moves().size() + (operations.rebalancing() ? 1 : 0));
            }
            return exitCode;
        }
    }

    private static void await(ClusterConnection connection, boolean json, ToIntFunction<OperationsReply> left)
            throws NoClusterException, InterruptedException {
        String last = "";
        while (true) {
            OperationsReply operations = connection.admin(admin -> admin.operations());
            String text = text(operations);
            if (!json && !text.equals(last)) {
                System.out.print(text);
                last = text;
            }
            if (left.applyAsInt(operations) == 0) {
                return;
            }
            connection.environment().clock().sleep(POLL);
        }
    }

    @Command(
            name = "operations",
            description = "Shows what is being moved, drained and rebalanced, and what waits for something.",
            mixinStandardHelpOptions = true)
    static final class Operations extends AdminCommand {
        @Override
        int run(ClusterConnection connection) throws NoClusterException {
            OperationsReply operations = connection.admin(admin -> admin.operations());
            List<String> moves = new ArrayList<>();
            for (Move move : operations.moves()) {
                moves.add(new Json()
                        .put("chain", move.chainId())
                        .put("from", move.from())
                        .put("to", move.to())
                        .toString());
            }
            List<String> drains = operations.drains().stream()
                    .map(drain -> new Json()
                            .put("node", drain.nodeId())
                            .put("left", drain.left())
                            .toString())
                    .toList();
            print(
                    text(operations),
                    new Json()
                            .raw("moves", Json.list(moves))
                            .raw("drains", Json.list(drains))
                            .put("rebalancing", operations.rebalancing())
                            .raw(
                                    "waiting",
                                    Json.list(operations.waiting().stream()
                                            .map(Json::quote)
                                            .toList())));
            return 0;
        }
    }

    @Command(
            name = "forget",
            description = "Forgets a node that is down and holds no part of a chain.",
            mixinStandardHelpOptions = true)
    static final class Forget extends AdminCommand {
        @Parameters(paramLabel = "NODE", description = "Number of the node.")
        private int node;

        @Override
        int run(ClusterConnection connection) throws NoClusterException {
            return change(connection, new ClusterChange.RemoveNode(node));
        }
    }

    @Command(
            name = "table",
            description = "Names a list of chains; without chains the table goes.",
            mixinStandardHelpOptions = true)
    static final class Table extends AdminCommand {
        @Parameters(index = "0", paramLabel = "TABLE", description = "Number of the table, from 2 on.")
        private int table;

        @Parameters(index = "1..*", paramLabel = "CHAIN", description = "Numbers of chains.")
        private List<Integer> chains = new ArrayList<>();

        @Override
        int run(ClusterConnection connection) throws NoClusterException {
            return change(connection, new ClusterChange.SetTable(table, chains));
        }
    }

    private static String text(OperationsReply operations) {
        StringBuilder text = new StringBuilder();
        operations
                .moves()
                .forEach(move ->
                        text.append(String.format("chain %d: %d -> %d%n", move.chainId(), move.from(), move.to())));
        operations
                .drains()
                .forEach(drain -> text.append(
                        drain.left() == 0
                                ? String.format("node %d is empty%n", drain.nodeId())
                                : String.format("node %d: %d targets left%n", drain.nodeId(), drain.left())));
        if (operations.rebalancing()) {
            text.append(String.format("rebalancing%n"));
        }
        operations.waiting().forEach(reason -> text.append(String.format("waits: %s%n", reason)));
        return text.isEmpty() ? String.format("nothing under way%n") : text.toString();
    }
}
