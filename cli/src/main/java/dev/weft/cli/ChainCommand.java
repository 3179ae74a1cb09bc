package dev.weft.cli;

import dev.weft.api.cluster.ClusterChange;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What can be done with one chain. */
@Command(
        name = "chain",
        description = "Changes a chain: its targets, their order, or where it goes on after all have failed.",
        subcommands = {
            ChainCommand.Add.class,
            ChainCommand.Remove.class,
            ChainCommand.Prefer.class,
            ChainCommand.Rotate.class,
            ChainCommand.Promote.class
        },
        mixinStandardHelpOptions = true)
final class ChainCommand {
    @Command(name = "add", description = "Adds a spare target, which is filled.", mixinStandardHelpOptions = true)
    static final class Add extends AdminCommand {
        @Parameters(index = "0", paramLabel = "CHAIN", description = "Number of the chain.")
        private int chain;

        @Parameters(index = "1", paramLabel = "TARGET", description = "Number of the target.")
        private long target;

        @Override
        int run(ClusterConnection connection) throws NoClusterException {
            return change(connection, new ClusterChange.AddTarget(chain, target));
        }
    }

    @Command(
            name = "remove",
            description = "Takes a target out of a chain, if another one serves.",
            mixinStandardHelpOptions = true)
    static final class Remove extends AdminCommand {
        @Parameters(index = "0", paramLabel = "CHAIN", description = "Number of the chain.")
        private int chain;

        @Parameters(index = "1", paramLabel = "TARGET", description = "Number of the target.")
        private long target;

        @Override
        int run(ClusterConnection connection) throws NoClusterException {
            return change(connection, new ClusterChange.RemoveTarget(chain, target));
        }
    }

    @Command(
            name = "prefer",
            description = "Says which order the targets of a chain should have, head first.",
            mixinStandardHelpOptions = true)
    static final class Prefer extends AdminCommand {
        @Parameters(index = "0", paramLabel = "CHAIN", description = "Number of the chain.")
        private int chain;

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "TARGET", description = "All its targets.")
        private List<Long> targets = new ArrayList<>();

        @Override
        int run(ClusterConnection connection) throws NoClusterException {
            return change(connection, new ClusterChange.PreferOrder(chain, targets));
        }
    }

    @Command(
            name = "rotate-preferred",
            description = {
                "Brings chains back to their preferred order after failures, once all their targets serve.",
                "One target at a time leaves and is filled again at the end of the chain."
            },
            mixinStandardHelpOptions = true)
    static final class Rotate extends AdminCommand {
        @Parameters(paramLabel = "CHAIN", arity = "0..1", description = "Number of the chain; all without it.")
        private int chain;

        @Override
        int run(ClusterConnection connection) throws NoClusterException {
            return change(connection, new ClusterChange.RotatePreferred(chain));
        }
    }

    @Command(
            name = "promote",
            description = {
                "Lets a chain that stands still go on from another target than those that served last.",
                "What only these have is lost."
            },
            mixinStandardHelpOptions = true)
    static final class Promote extends AdminCommand {
        @Parameters(index = "0", paramLabel = "CHAIN", description = "Number of the chain.")
        private int chain;

        @Parameters(index = "1", paramLabel = "TARGET", description = "Number of the target.")
        private long target;

        @Option(names = "--accept-data-loss", required = true, description = "Says that this is wanted.")
        private boolean accepted;

        @Override
        int run(ClusterConnection connection) throws NoClusterException {
            if (!accepted) {
                throw new UsageException("--accept-data-loss must be given");
            }
            return change(connection, new ClusterChange.PromoteTarget(chain, target));
        }
    }
}
