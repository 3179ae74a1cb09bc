package dev.weft.meta;

import dev.weft.api.cluster.member.LiveClients;
import dev.weft.api.cluster.routing.Routing;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a metadata server knows of its cluster, and divides its background work by.
 *
 * @param nodeId its own
 * @param routing says which metadata servers there are
 * @param clients says which clients there are; without it no client's session is ever ended
 */
public record Membership(int nodeId, Supplier<Routing> routing, Optional<LiveClients> clients) {
    /** Of a server that knows of nobody, and so does all work itself. */
    public static Membership alone() {
        return new Membership(0, () -> Routing.UNKNOWN, Optional.empty());
    }
}
