package dev.weft.cluster;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.Move;
import dev.weft.api.cluster.PublicState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings targets to other nodes without a chain ever having fewer replicas: the new one is filled first, then the old one
 * leaves. Takes the steps that are due in a draft; what is left follows from the stored plan, so that a new primary goes on
 * where the last one stopped.
 */
final class Relocation {
    private final Draft draft;
    private final Reports reports;
    private final long nowNanos;
    private final int movesMax;
    private final List<String> waiting = new ArrayList<>();

    Relocation(Draft draft, Reports reports, long nowNanos, int movesMax) {
        this.draft = draft;
        this.reports = reports;
        this.nowNanos = nowNanos;
        this.movesMax = movesMax;
    }

    /** Takes all steps that are due; returns why something wanted cannot go on. */
    List<String> step() {
        List.copyOf(draft.moves.values()).forEach(this::advance);
        draft.draining.forEach(this::drain);
        if (draft.rebalancing) {
            rebalance();
        }
        return waiting;
    }

    private void advance(Move move) {
        Chain chain = draft.chains.get(move.chainId());
        if (chain == null || Draft.member(chain, move.from()).isEmpty()) {
            draft.moves.remove(move.chainId());
            return;
        }
        Optional<ChainTarget> joined = Draft.member(chain, move.to());
        if (joined.isEmpty()) {
            begin(move, chain);
        } else if (joined.get().state() == PublicState.SERVING) {
            draft.moves.remove(move.chainId());
            draft.leave(move.chainId(), move.from(), move.to());
        } else if (joined.get().state() == PublicState.OFFLINE && !isComing(move.to())) {
            giveUpFor(move, chain);
        }
    }

    private void begin(Move move, Chain chain) {
        draft.moves.remove(move.chainId());
        if (new Spares(draft, reports, nowNanos).contains(move.to())) {
            draft.moves.put(move.chainId(), move);
            draft.join(move.chainId(), move.to());
        } else if (isUnknown(move.to())) {
            draft.moves.put(move.chainId(), move);
        } else {
            waiting.add("target " + move.to() + " for chain " + chain.chainId() + " is not usable");
        }
    }

    /** The newcomer has failed: another one takes its place, if there is one; otherwise it may come back. */
    private void giveUpFor(Move move, Chain chain) {
        Optional<Long> other = new Spares(draft, reports, nowNanos).bestFor(chain, move.from());
        if (other.isEmpty()) {
            waiting.add("target " + move.to() + ", new in chain " + chain.chainId() + ", is offline");
            return;
        }
        draft.leave(move.chainId(), move.to(), 0);
        draft.join(move.chainId(), other.get());
        draft.moves.put(move.chainId(), new Move(move.chainId(), move.from(), other.get()));
    }

    private boolean isComing(long target) {
        return !draft.offline.contains(target)
                && (isUnknown(target) || reports.target(target, nowNanos).isPresent());
    }

    private boolean isUnknown(long target) {
        return reports.isUnknown(Targets.nodeOf(target), nowNanos);
    }

    /** One target of the node at a time. */
    private void drain(int node) {
        boolean under = draft.moves.values().stream().anyMatch(move -> Targets.nodeOf(move.from()) == node);
        if (under) {
            return;
        }
        for (Chain chain : List.copyOf(draft.chains.values())) {
            Optional<ChainTarget> on = chain.targets().stream()
                    .filter(target -> target.nodeId() == node)
                    .findFirst();
            if (on.isPresent() && !draft.moves.containsKey(chain.chainId())) {
                if (start(chain, on.get().targetId())) {
                    return;
                }
            }
        }
    }

    /** Begins to move a target to the best place there is. */
    private boolean start(Chain chain, long from) {
        if (draft.moves.size() >= movesMax) {
            return false;
        }
        if (Draft.serving(chain) == 0) {
            waiting.add("chain " + chain.chainId() + " stands still, so that target " + from + " cannot be moved");
            return false;
        }
        Optional<Long> to = new Spares(draft, reports, nowNanos).bestFor(chain, from);
        if (to.isEmpty()) {
            waiting.add("no spare target on another node for target " + from + " of chain " + chain.chainId());
            return false;
        }
        draft.moves.put(chain.chainId(), new Move(chain.chainId(), from, to.get()));
        draft.join(chain.chainId(), to.get());
        return true;
    }

    private void rebalance() {
        while (draft.moves.size() < movesMax) {
            Optional<Move> move = new Spares(draft, reports, nowNanos).evening();
            if (move.isEmpty()) {
                draft.rebalancing = !draft.moves.isEmpty();
                return;
            }
            draft.moves.put(move.get().chainId(), move.get());
            draft.join(move.get().chainId(), move.get().to());
        }
    }
}
