package dev.weft.cli;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTable;
import dev.weft.api.cluster.Filling;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.SessionsReply;
import dev.weft.api.cluster.StatusReply;
import dev.weft.api.cluster.StatusReply.NodeStatus;
import dev.weft.api.cluster.StatusReply.TargetStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** What there is in a cluster, kind by kind. */
final class ClusterLists {
    private ClusterLists() {}

    @Command(
            name = "nodes",
            description = "Lists servers: role, whether they are up or being drained, addresses.",
            mixinStandardHelpOptions = true)
    static final class Nodes extends AdminCommand {
        @Override
        int run(ClusterConnection connection) throws NoClusterException {
            StatusReply status = connection.status();
            StringBuilder text = new StringBuilder(String.format(
                    "cluster %s, primary manager %d of term %d%n%n%-6s %-8s %-9s %s%n",
                    status.clusterId(), status.primary(), status.term(), "node", "role", "state", "addresses"));
            List<Json> objects = new ArrayList<>();
            for (NodeInfo node : status.routing().nodes()) {
                boolean draining =
                        status.nodes().stream().anyMatch(each -> each.nodeId() == node.nodeId() && each.draining());
                text.append(String.format(
                        "%-6d %-8s %-9s %s%n",
                        node.nodeId(),
                        Names.lower(node.role()),
                        !node.alive() ? "down" : draining ? "draining" : "up",
                        String.join(", ", node.addresses())));
                objects.add(new Json()
                        .put("node", node.nodeId())
                        .put("role", Names.lower(node.role()))
                        .put("alive", node.alive())
                        .put("draining", draining)
                        .raw(
                                "addresses",
                                Json.list(node.addresses().stream()
                                        .map(Json::quote)
                                        .toList())));
            }
            print(text.toString(), objects);
            return 0;
        }
    }

    @Command(
            name = "targets",
            description = "Lists targets: node, chain (0 for a spare one), states and space.",
            mixinStandardHelpOptions = true)
    static final class TargetList extends AdminCommand {
        @Override
        int run(ClusterConnection connection) throws NoClusterException {
            StringBuilder text = new StringBuilder(String.format(
                    "%-9s %-6s %-6s %-9s %-11s %12s %12s  %s%n",
                    "target", "node", "chain", "state", "reported", "used", "capacity", "fills"));
            List<Json> objects = new ArrayList<>();
            for (TargetStatus target : connection.status().targets()) {
                String state = target.chainId() == 0 ? "spare" : Names.lower(target.state());
                String reported = Names.lower(target.report().state());
                text.append(String.format(
                        "%-9d %-6d %-6d %-9s %-11s %12s %12s  %s%n",
                        target.report().targetId(),
                        target.nodeId(),
                        target.chainId(),
                        state,
                        reported,
                        Sizes.text(target.report().usedBytes()),
                        Sizes.text(target.report().capacityBytes()),
                        target.report().filling().map(TargetList::text).orElse("-")));
                Json object = new Json()
                        .put("target", target.report().targetId())
                        .put("node", target.nodeId())
                        .put("chain", target.chainId())
                        .put("state", state)
                        .put("reported", reported)
                        .put("usedBytes", target.report().usedBytes())
                        .put("capacityBytes", target.report().capacityBytes());
                target.report().filling().ifPresent(filling -> object.raw("fills", json(filling)));
                objects.add(object);
            }
            print(text.toString(), objects);
            return 0;
        }

        private static String text(Filling filling) {
            return String.format(
                    "%d: %d of %d chunks, %s of %s",
                    filling.targetId(),
                    filling.chunksDone(),
                    filling.chunks(),
                    Sizes.text(filling.bytesDone()),
                    Sizes.text(filling.bytes()));
        }

        private static String json(Filling filling) {
            return new Json()
                    .put("target", filling.targetId())
                    .put("chunksDone", filling.chunksDone())
                    .put("chunks", filling.chunks())
                    .put("bytesDone", filling.bytesDone())
                    .put("bytes", filling.bytes())
                    .toString();
        }
    }

    @Command(
            name = "chains",
            description = "Lists chains with their targets, head first.",
            mixinStandardHelpOptions = true)
    static final class ChainList extends AdminCommand {
        @Override
        int run(ClusterConnection connection) throws NoClusterException {
            StringBuilder text = new StringBuilder(
                    String.format("%-6s %-8s %-9s %s%n", "chain", "version", "state", "targets, head first"));
            List<Json> objects = new ArrayList<>();
            for (Chain chain : connection.status().routing().chains()) {
                text.append(ClusterCommand.StatusText.line(chain));
                objects.add(Json.of(chain));
            }
            print(text.toString(), objects);
            return 0;
        }
    }

    @Command(
            name = "tables",
            description = "Lists tables of chains. Table 1 has all chains.",
            mixinStandardHelpOptions = true)
    static final class Tables extends AdminCommand {
        @Override
        int run(ClusterConnection connection) throws NoClusterException {
            StringBuilder text = new StringBuilder(String.format("%-6s %-8s %s%n", "table", "version", "chains"));
            List<Json> objects = new ArrayList<>();
            for (ChainTable table : connection.status().routing().tables()) {
                String chains = table.chains().stream().map(String::valueOf).collect(Collectors.joining(","));
                text.append(String.format("%-6d %-8d %s%n", table.tableId(), table.version(), chains));
                objects.add(new Json()
                        .put("table", table.tableId())
                        .put("version", table.version())
                        .raw("chains", "[" + chains + "]"));
            }
            print(text.toString(), objects);
            return 0;
        }
    }

    @Command(
            name = "clients",
            description = "Lists clients that have been there for more than a few seconds.",
            mixinStandardHelpOptions = true)
    static final class ClientList extends AdminCommand {
        @Override
        int run(ClusterConnection connection) throws NoClusterException {
            StringBuilder text = new StringBuilder(
                    String.format("%-36s %-24s %-8s %s%n", "client", "since", "silent", "description"));
            List<Json> objects = new ArrayList<>();
            for (SessionsReply.Session session : connection.sessions().sessions()) {
                text.append(String.format(
                        "%-36s %-24s %-8s %s%n",
                        session.clientId(),
                        session.opened(),
                        session.silent().toSeconds() + " s",
                        session.description()));
                objects.add(new Json()
                        .put("client", session.clientId().toString())
                        .put("opened", session.opened().toString())
                        .put("silentSeconds", session.silent().toSeconds())
                        .put("description", session.description()));
            }
            print(text.toString(), objects);
            return 0;
        }
    }

    /** Options of a node: which version it has, and what it could not apply. */
    static String configLine(NodeStatus node, String role) {
        return String.format(
                "%-6d %-8s %-7d %-7d %s%n",
                node.nodeId(),
                role,
                node.configWanted(),
                node.config().version(),
                node.config().error().isEmpty() ? "-" : node.config().error());
    }
}
