package dev.weft.cli;

import dev.weft.api.cluster.ConfigChange;
import dev.weft.api.cluster.ConfigRequest;
import dev.weft.api.cluster.ConfigSet;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.StatusReply;
import dev.weft.api.cluster.StatusReply.NodeStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options that the manager hands to all nodes of a kind, which apply them while they run. */
@Command(
        name = "config",
        description = "Shows and changes options of running servers.",
        subcommands = {ConfigCommand.Get.class, ConfigCommand.Set.class, ConfigCommand.Status.class},
        mixinStandardHelpOptions = true)
final class ConfigCommand {
    @Command(
            name = "get",
            description = "Shows the options that are set for all nodes of a kind.",
            mixinStandardHelpOptions = true)
    static final class Get extends AdminCommand {
        @Parameters(paramLabel = "KIND", description = "storage, meta or manager.")
        private NodeRole role = NodeRole.STORAGE;

        @Override
        int run(ClusterConnection connection) throws NoClusterException {
            show(this, connection.admin(admin -> admin.config(new ConfigRequest(role))));
            return 0;
        }
    }

    @Command(
            name = "set",
            description = {
                "Sets options for all nodes of a kind, which apply them within seconds.",
                "'weft cluster config status' shows which nodes have."
            },
            mixinStandardHelpOptions = true)
    static final class Set extends AdminCommand {
        @Parameters(index = "0", paramLabel = "KIND", description = "storage, meta or manager.")
        private NodeRole role = NodeRole.STORAGE;

        @Parameters(index = "1..*", paramLabel = "KEY=VALUE", description = "Options with their values.")
        private Map<String, String> options = new TreeMap<>();

        @Option(names = "--unset", paramLabel = "KEY", description = "Lets an option be as each node has it by itself.")
        private List<String> unset = new ArrayList<>();

        @Override
        int run(ClusterConnection connection) throws NoClusterException {
            if (options.isEmpty() && unset.isEmpty()) {
                throw new UsageException("nothing to set: name KEY=VALUE or --unset KEY");
            }
            show(this, connection.admin(admin -> admin.setConfig(new ConfigChange(role, options, unset))));
            return 0;
        }
    }

    private static void show(AdminCommand command, ConfigSet set) {
        Json values = new Json();
        set.options().forEach(values::put);
        command.print(
                "version " + set.version() + "\n"
                        + set.options().entrySet().stream()
                                .map(entry -> entry.getKey() + " = " + entry.getValue() + "\n")
                                .collect(Collectors.joining()),
                new Json().put("version", set.version()).raw("options", values.toString()));
    }

    @Command(
            name = "status",
            description = "Shows how far each node has followed its options. Exit code 1 if one has not.",
            mixinStandardHelpOptions = true)
    static final class Status extends AdminCommand {
        @Override
        int run(ClusterConnection connection) throws NoClusterException {
            StatusReply status = connection.status();
            StringBuilder text = new StringBuilder(
                    String.format("%-6s %-8s %-7s %-7s %s%n", "node", "role", "wanted", "has", "error"));
            List<Json> objects = new ArrayList<>();
            boolean all = true;
            for (NodeStatus node : status.nodes()) {
                String role = status.routing().nodes().stream()
                        .filter(each -> each.nodeId() == node.nodeId())
                        .map(NodeInfo::role)
                        .map(Names::lower)
                        .findFirst()
                        .orElse("-");
                all &= node.config().version() == node.configWanted()
                        && node.config().error().isEmpty();
                text.append(ClusterLists.configLine(node, role));
                objects.add(new Json()
                        .put("node", node.nodeId())
                        .put("role", role)
                        .put("wanted", node.configWanted())
                        .put("has", node.config().version())
                        .put("error", node.config().error()));
            }
            print(text.toString(), objects);
            return all ? 0 : Failures.FAILED;
        }
    }
}
