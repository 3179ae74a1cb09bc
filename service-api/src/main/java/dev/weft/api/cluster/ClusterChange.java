package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.util.List;

/** Something that an operator wants of targets, chains, tables or nodes. */
@Serde
public sealed interface ClusterChange {
    /** Takes a target out of use, whatever its node reports, until it is put in use again. */
    @Serde
    record TakeTargetOffline(long targetId, boolean acceptStandstill) implements ClusterChange {}

    /** Puts a target in use again. */
    @Serde
    record PutTargetOnline(long targetId) implements ClusterChange {}

    /** Fills another target and then takes this one out of its chain. {@code by} zero lets the manager choose. */
    @Serde
    record ReplaceTarget(long targetId, long by) implements ClusterChange {}

    /** Appends a spare target to a chain; it is filled. */
    @Serde
    record AddTarget(int chainId, long targetId) implements ClusterChange {}

    /** Takes a target out of a chain. */
    @Serde
    record RemoveTarget(int chainId, long targetId) implements ClusterChange {}

    /** Which order a chain's targets should have, head first. */
    @Serde
    record PreferOrder(int chainId, List<Long> targets) implements ClusterChange {}

    /** Brings a chain, or all with zero, back to the preferred order, one target at a time while all serve. */
    @Serde
    record RotatePreferred(int chainId) implements ClusterChange {}

    /**
     * Lets a chain that stands still go on from this target, though another one served last: what only the other one has is
     * lost.
     */
    @Serde
    record PromoteTarget(int chainId, long targetId) implements ClusterChange {}

    /** Moves everything off a node; with {@code cancel} what is not moved yet stays. */
    @Serde
    record DrainNode(int nodeId, boolean cancel) implements ClusterChange {}

    /** Forgets a node that is down and holds no part of a chain. */
    @Serde
    record RemoveNode(int nodeId) implements ClusterChange {}

    /** Moves targets until every node has its share; with {@code cancel} ends that. */
    @Serde
    record Rebalance(boolean cancel) implements ClusterChange {}

    /** Names a list of chains. */
    @Serde
    record SetTable(int tableId, List<Integer> chains) implements ClusterChange {}
}
