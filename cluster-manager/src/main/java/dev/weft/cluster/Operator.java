package dev.weft.cluster;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTable;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.ClusterChange;
import dev.weft.api.cluster.Move;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.PublicState;
import dev.weft.rpc.RpcException;
import java.util.List;
import java.util.TreeSet;

/** Takes what operators want into a draft, if it makes sense. What is so already changes nothing. */
final class Operator {
    private static final int TABLES_MAX = 1000;

    /** What to tell the operator. */
    static final class Answer {
        private String message = "";

        String message() {
            return message;
        }
    }

    private final Draft draft;
    private final Reports reports;
    private final long nowNanos;

    Operator(Draft draft, Reports reports, long nowNanos) {
        this.draft = draft;
        this.reports = reports;
        this.nowNanos = nowNanos;
    }

    /** @throws dev.weft.rpc.RpcException with the reason if it cannot be taken */
    void take(ClusterChange change, Answer answer) {
        answer.message = switch (change) {
            case ClusterChange.TakeTargetOffline(long target, boolean acceptStandstill) ->
                offline(target, acceptStandstill);
            case ClusterChange.PutTargetOnline(long target) -> online(target);
            case ClusterChange.ReplaceTarget(long target, long by) -> replace(target, by);
            case ClusterChange.AddTarget(int chain, long target) -> add(chain, target);
            case ClusterChange.RemoveTarget(int chain, long target) -> remove(chain, target);
            case ClusterChange.PreferOrder(int chain, List<Long> targets) -> prefer(chain, targets);
            case ClusterChange.RotatePreferred(int chain) -> rotate(chain);
            case ClusterChange.PromoteTarget(int chain, long target) -> promote(chain, target);
            case ClusterChange.DrainNode(int node, boolean cancel) -> drain(node, cancel);
            case ClusterChange.RemoveNode(int node) -> removeNode(node);
            case ClusterChange.Rebalance(boolean cancel) -> rebalance(cancel);
            case ClusterChange.SetTable(int table, List<Integer> chains) -> table(table, chains);
        };
    }

    private String offline(long target, boolean acceptStandstill) {
        Chain chain = chainOf(target);
        boolean last = member(chain, target).state() == PublicState.SERVING && Draft.serving(chain) == 1;
        if (last && !acceptStandstill && !draft.offline.contains(target)) {
            throw refuse("target " + target + " is the only one of chain " + chain.chainId()
                    + " that serves: without it the chain stands still");
        }
        draft.offline.add(target);
        return "target " + target + " of chain " + chain.chainId() + " is kept offline";
    }

    private String online(long target) {
        draft.offline.remove(target);
        return "target " + target + " may be used";
    }

    private String replace(long target, long by) {
        Move already = draft.moves.values().stream()
                .filter(move -> move.from() == target)
                .findFirst()
                .orElse(null);
        if (already != null && (by == 0 || already.to() == by)) {
            return "target " + target + " is being replaced by " + already.to();
        }
        boolean done = by != 0
                && draft.chainOf(target).isEmpty()
                && draft.former.contains(target)
                && draft.chainOf(by).isPresent();
        if (done) {
            return "target " + target + " has been replaced";
        }
        Chain chain = chainOf(target);
        if (draft.moves.containsKey(chain.chainId())) {
            throw refuse("chain " + chain.chainId() + " is being changed: " + draft.moves.get(chain.chainId()));
        }
        Spares spares = new Spares(draft, reports, nowNanos);
        long to = by == 0
                ? spares.bestFor(chain, target)
                        .orElseThrow(() -> refuse("there is no spare target for chain " + chain.chainId()
                                + " on a node that it does not use"))
                : by;
        requireJoinable(spares, chain, to, target);
        draft.moves.put(chain.chainId(), new Move(chain.chainId(), target, to));
        draft.join(chain.chainId(), to);
        return "target " + to + " replaces " + target + " in chain " + chain.chainId() + " once it is filled";
    }

    private String add(int chainId, long target) {
        Chain chain = chain(chainId);
        if (Draft.member(chain, target).isPresent()) {
            return "target " + target + " is in chain " + chainId;
        }
        requireJoinable(new Spares(draft, reports, nowNanos), chain, target, 0);
        draft.join(chainId, target);
        return "target " + target + " joins chain " + chainId;
    }

    private void requireJoinable(Spares spares, Chain chain, long target, long leaving) {
        if (!spares.contains(target)) {
            throw refuse(
                    "target " + target + " is not spare: it is in use, offline, of a node that is drained, or unknown");
        }
        for (ChainTarget member : chain.targets()) {
            if (member.targetId() != leaving && member.nodeId() == Targets.nodeOf(target)) {
                throw refuse("node " + member.nodeId() + " has a target of chain " + chain.chainId() + " already");
            }
        }
    }

    private String remove(int chainId, long target) {
        Chain chain = chain(chainId);
        if (Draft.member(chain, target).isEmpty()) {
            return "target " + target + " is not in chain " + chainId;
        }
        boolean serves = member(chain, target).state() == PublicState.SERVING;
        if (Draft.serving(chain) - (serves ? 1 : 0) == 0) {
            throw refuse(
                    "no target of chain " + chainId + " but " + target + " serves or would serve: data may be lost");
        }
        draft.moves.remove(chainId);
        draft.leave(chainId, target, 0);
        return "target " + target + " has left chain " + chainId;
    }

    private String prefer(int chainId, List<Long> targets) {
        Chain chain = chain(chainId);
        TreeSet<Long> wanted = new TreeSet<>(targets);
        TreeSet<Long> present = new TreeSet<>(draft.order(chain));
        if (wanted.size() != targets.size() || !wanted.equals(present)) {
            throw Refusal.invalid("order " + targets + " is not one of the targets " + present + " of chain " + chainId)
                    .toException();
        }
        draft.prefer(chainId, targets);
        return "chain " + chainId + " prefers " + targets;
    }

    private String rotate(int chainId) {
        if (chainId == 0) {
            draft.rotating.addAll(draft.chains.keySet());
            return "all chains go to their preferred order";
        }
        draft.rotating.add(chain(chainId).chainId());
        return "chain " + chainId + " goes to its preferred order";
    }

    private String promote(int chainId, long target) {
        Chain chain = chain(chainId);
        PublicState state = member(chain, target).state();
        if (state == PublicState.SERVING) {
            return "target " + target + " serves";
        }
        if (Draft.serving(chain) > 0) {
            throw refuse("chain " + chainId + " does not stand still");
        }
        draft.edit(chainId, targets -> {
            targets.replaceAll(each -> new ChainTarget(
                    each.targetId(),
                    each.nodeId(),
                    each.targetId() == target ? PublicState.LASTSRV : PublicState.OFFLINE));
            targets.sort(TransitionTable.BY_STATE);
            return targets;
        });
        return "chain " + chainId + " goes on from target " + target;
    }

    private String drain(int node, boolean cancel) {
        requireNode(node);
        if (cancel) {
            draft.draining.remove(node);
            return "node " + node + " keeps what it has";
        }
        draft.draining.add(node);
        return "node " + node + " is being drained";
    }

    private String removeNode(int node) {
        NodeInfo info = draft.nodes.get(node);
        if (info == null) {
            return "node " + node + " is not known";
        }
        boolean used = draft.chains.values().stream()
                .flatMap(chain -> chain.targets().stream())
                .anyMatch(target -> target.nodeId() == node);
        if (used) {
            throw refuse("node " + node + " has targets in chains: drain it first");
        }
        if (reports.isAlive(node, nowNanos)) {
            throw refuse("node " + node + " is up: stop it first");
        }
        draft.nodes.remove(node);
        draft.draining.remove(node);
        // Now, or it would be taken for a node again; it is dead, so nothing is lost should the change not be stored.
        reports.forget(node);
        return "node " + node + " is forgotten";
    }

    private String rebalance(boolean cancel) {
        draft.rebalancing = !cancel;
        return cancel ? "no more targets are moved to even out nodes" : "targets are moved to even out nodes";
    }

    private String table(int tableId, List<Integer> chains) {
        if (tableId <= ChainTable.ALL) {
            throw Refusal.invalid("table " + tableId + " is kept by the manager: take another number, from 2 on")
                    .toException();
        }
        chains.forEach(this::chain);
        ChainTable table = draft.tables.get(tableId);
        if (chains.isEmpty()) {
            draft.tables.remove(tableId);
            return "table " + tableId + " is gone";
        }
        if (table == null && draft.tables.size() >= TABLES_MAX) {
            throw Refusal.tooMany("table " + tableId + " would be more than " + TABLES_MAX + " tables")
                    .toException();
        }
        if (table == null || !table.chains().equals(chains)) {
            int version = table == null ? 1 : table.version() + 1;
            draft.tables.put(tableId, new ChainTable(tableId, version, List.copyOf(chains)));
        }
        return "table " + tableId + " has " + chains.size() + " chains";
    }

    private void requireNode(int node) {
        if (!draft.nodes.containsKey(node)) {
            throw Refusal.invalid("node " + node + " is not known").toException();
        }
    }

    private Chain chain(int chainId) {
        return draft.chain(chainId)
                .orElseThrow(
                        () -> Refusal.invalid("there is no chain " + chainId).toException());
    }

    private Chain chainOf(long target) {
        return draft.chainOf(target)
                .orElseThrow(() ->
                        Refusal.invalid("target " + target + " is in no chain").toException());
    }

    private static ChainTarget member(Chain chain, long target) {
        return Draft.member(chain, target)
                .orElseThrow(() -> Refusal.invalid("target " + target + " is not in chain " + chain.chainId())
                        .toException());
    }

    private static RpcException refuse(String reason) {
        return Refusal.stale(reason).toException();
    }
}
