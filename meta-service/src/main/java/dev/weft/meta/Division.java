package dev.weft.meta;

import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.routing.Routing;
import java.util.List;

/**
 * Which metadata server does what in the background: each piece of work belongs to the one, of those that the routing has
 * as alive, for which a hash of both is greatest. When a server goes, its pieces are spread over the others, and nothing
 * else moves.
 *
 * <p>Nothing depends on it but who wastes work: servers may know different routing, and a server that does not find itself
 * in it does everything. So all that is divided this way has to come out right if two do it at once. Thread-safe.
 */
final class Division {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private final Membership membership;

    /** The servers that are alive, of the routing that was looked at last. */
    private record Servers(Routing routing, List<Integer> ids) {}

    private volatile Servers last = new Servers(Routing.UNKNOWN, List.of());

    Division(Membership membership) {
        this.membership = membership;
    }

    boolean isMine(long work) {
        int own = membership.nodeId();
        long best = weight(work, own);
        boolean listed = false;
        for (int id : servers()) {
            listed |= id == own;
            if (id != own && weight(work, id) > best) {
                best = weight(work, id);
            }
        }
        return !listed || best == weight(work, own);
    }

    private List<Integer> servers() {
        Routing routing = membership.routing().get();
        Servers known = last;
        if (known.routing() != routing) {
            List<Integer> ids = routing.info().nodes().stream()
                    .filter(node -> node.role() == NodeRole.META && node.alive())
                    .map(NodeInfo::nodeId)
                    .toList();
            known = new Servers(routing, ids);
            last = known;
        }
        return known.ids();
    }

    /** Differs for each server, and is spread evenly: the last steps of SplitMix64. */
    private static long weight(long work, int server) {
        long z = work * GOLDEN + server;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        z ^= z >>> 31;
        z += GOLDEN * server;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        return z ^ (z >>> 31);
    }
}
