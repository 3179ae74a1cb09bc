package dev.weft.storage;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.routing.Routing;

/** One of our targets as part of its chain, at one version of the routing. */
record Membership(long targetId, Chain chain, PublicState state) {
    /** Whether nobody behind it takes writes. */
    boolean tail() {
        return Routing.successor(chain, targetId).isEmpty();
    }
}
