package dev.weft.cli;

import dev.weft.api.cluster.ClusterChange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What can be done with one target. */
@Command(
        name = "target",
        description = "Takes a target out of use, puts it in use again, or replaces it.",
        subcommands = {TargetCommand.Offline.class, TargetCommand.Online.class, TargetCommand.Replace.class},
        mixinStandardHelpOptions = true)
final class TargetCommand {
    @Command(
            name = "offline",
            description = "Keeps a target out of use, whatever its node reports.",
            mixinStandardHelpOptions = true)
    static final class Offline extends AdminCommand {
        @Parameters(paramLabel = "TARGET", description = "Number of the target.")
        private long target;

        @Option(
                names = "--accept-standstill",
                description = "Even if it is the only one of its chain that serves, so that the chain stands still.")
        private boolean acceptStandstill;

        @Override
        int run(ClusterConnection connection) throws NoClusterException {
            return change(connection, new ClusterChange.TakeTargetOffline(target, acceptStandstill));
        }
    }

    @Command(
            name = "online",
            description = "Lets a target that was kept out of use be filled and serve again.",
            mixinStandardHelpOptions = true)
    static final class Online extends AdminCommand {
        @Parameters(paramLabel = "TARGET", description = "Number of the target.")
        private long target;

        @Override
        int run(ClusterConnection connection) throws NoClusterException {
            return change(connection, new ClusterChange.PutTargetOnline(target));
        }
    }

    @Command(
            name = "replace",
            description = {
                "Puts a spare target in the place of another one: it is filled first, then the other one leaves.",
                "'weft cluster operations' shows whether that is done."
            },
            mixinStandardHelpOptions = true)
    static final class Replace extends AdminCommand {
        @Parameters(index = "0", paramLabel = "TARGET", description = "Number of the target to be replaced.")
        private long target;

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "BY",
                description = "Number of the spare target; by default the best one is taken.")
        private long by;

        @Override
        int run(ClusterConnection connection) throws NoClusterException {
            return change(connection, new ClusterChange.ReplaceTarget(target, by));
        }
    }
}
