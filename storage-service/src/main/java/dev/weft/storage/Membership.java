package dev.weft.storage;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.PublicState;

/** One of our targets as part of its chain, at one version of the routing. */
record Membership(long targetId, Chain chain, PublicState state) {
    boolean head() {
        return chain.targets().getFirst().targetId() == targetId;
    }
}
