package dev.weft.cli;

import dev.weft.kv.StorePeer;
import dev.weft.kv.StoreStatus;
import dev.weft.rpc.RpcClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Shows what the processes of a store say about it. */
@Command(
        name = "status",
        description = {
            "Shows engine, leader, peers and how far each process is that --store names.",
            "Exit code 1 if nobody leads or one does not answer, 4 if none does."
        },
        mixinStandardHelpOptions = true)
final class StoreStatusCommand extends KeyValueCommand.Operation {
    @Override
    int run(RpcClient client) throws NoStoreException {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-28s %-8s %-6s %-7s %-10s %s%n",
                "address",
                "engine",
                "peer",
                "leads",
                "version",
                "applied"));
        List<String> objects = new ArrayList<>();
        List<StorePeer> peers = List.of();
        int answers = 0;
        boolean led = false;
        for (String address : store.addresses()) {
            Optional<StoreStatus> answer = StoreOption.status(client, address);
            text.append(line(address, answer));
            objects.add(object(address, answer).toString());
            if (answer.isPresent()) {
                answers++;
                led |= answer.get().leads();
                peers = answer.get().leads() || peers.isEmpty() ? answer.get().peers() : peers;
            }
        }
        if (answers == 0) {
            throw store.unanswered();
        }
        for (StorePeer peer : peers) {
            text.append("peer ")
                    .append(peer.id())
                    .append(" at ")
                    .append(peer.address())
                    .append('\n');
        }
        print(text.toString(), Json.list(objects));
        return led && answers == store.addresses().size() ? 0 : Failures.FAILED;
    }

    private static String line(String address, Optional<StoreStatus> answer) {
        if (answer.isEmpty()) {
            return String.format(Locale.ROOT, "%-28s does not answer%n", address);
        }
        StoreStatus status = answer.get();
        return String.format(
                Locale.ROOT,
                "%-28s %-8s %-6s %-7s %-10d %d%n",
                address,
                status.engine(),
                status.self().isEmpty() ? "-" : status.self(),
                status.leads() ? "yes" : "no",
                status.version(),
                status.appliedIndex());
    }

    private static Json object(String address, Optional<StoreStatus> answer) {
        Json json = new Json().put("address", address).put("answers", answer.isPresent());
        answer.ifPresent(status -> {
            json.put("engine", status.engine()).put("peer", status.self()).put("leads", status.leads());
            status.leader().ifPresent(leader -> json.put("leader", leader));
            json.put("term", status.term())
                    .put("version", status.version())
                    .put("appliedIndex", status.appliedIndex())
                    .raw(
                            "peers",
                            Json.list(status.peers().stream()
                                    .map(peer -> new Json()
                                            .put("id", peer.id())
                                            .put("address", peer.address())
                                            .toString())
                                    .toList()));
        });
        return json;
    }
}
