package dev.weft.cli;

import dev.weft.api.cluster.ChangeReply;
import dev.weft.api.cluster.ClusterChange;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that asks the cluster manager one thing and prints the answer as text or JSON. */
abstract class AdminCommand implements Callable<Integer> {
    @Mixin
    private ClusterOption cluster = new ClusterOption();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    /** Does it; returns the exit code. */
    abstract int run(ClusterConnection connection) throws Exception;

    @Override
    public final Integer call() throws Exception {
        try (ClusterConnection connection = cluster.open()) {
            return run(connection);
        }
    }

    final boolean json() {
        return json;
    }

    /** Makes a change and says what came of it. */
    final int change(ClusterConnection connection, ClusterChange change) throws NoClusterException {
        ChangeReply reply = connection.admin(admin -> admin.change(change));
        print(
                reply.message() + (reply.changed() ? "" : " (nothing to do)") + "\n",
                new Json().put("changed", reply.changed()).put("message", reply.message()));
        return 0;
    }

    final void print(String text, Json object) {
        System.out.print(json ? object + "\n" : text);
    }

    final void print(String text, List<Json> objects) {
        System.out.print(json ? Json.list(objects.stream().map(Json::toString).toList()) + "\n" : text);
    }
}
