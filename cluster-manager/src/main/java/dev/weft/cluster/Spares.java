package dev.weft.cluster;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.LocalState;
import dev.weft.api.cluster.Move;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Usable targets that no chain has, and which of them suits a chain best. Of one draft at one time. */
final class Spares {
    private final Draft draft;
    private final TreeMap<Integer, List<Long>> byNode = new TreeMap<>();

    /** Chains per live storage node that takes part; moves count as done. */
    private final TreeMap<Integer, Integer> load = new TreeMap<>();

    Spares(Draft draft, Reports reports, long nowNanos) {
        this.draft = draft;
        Set<Long> used = new HashSet<>();
        Map<Integer, Integer> chainsOf = new HashMap<>();
        for (Chain chain : draft.chains.values()) {
            for (ChainTarget target : chain.targets()) {
                used.add(target.targetId());
                chainsOf.merge(target.nodeId(), 1, Integer::sum);
            }
        }
        for (Move move : draft.moves.values()) {
            if (used.add(move.to())) {
                chainsOf.merge(Targets.nodeOf(move.to()), 1, Integer::sum);
            }
            chainsOf.merge(Targets.nodeOf(move.from()), -1, Integer::sum);
        }
        reports.forEach((nodeId, report) -> {
            if (!reports.isAlive(nodeId, nowNanos) || report.targets().isEmpty() || draft.draining.contains(nodeId)) {
                return;
            }
            load.put(nodeId, chainsOf.getOrDefault(nodeId, 0));
            List<Long> free = new ArrayList<>();
            report.targets().forEach((id, target) -> {
                if (target.state() != LocalState.OFFLINE && !used.contains(id) && !draft.offline.contains(id)) {
                    free.add(id);
                }
            });
            byNode.put(nodeId, free);
        });
    }

    boolean contains(long targetId) {
        return byNode.getOrDefault(Targets.nodeOf(targetId), List.of()).contains(targetId);
    }

    /** Those that were never part of a chain, so that they hold nothing. */
    NavigableMap<Integer, List<Long>> unused() {
        NavigableMap<Integer, List<Long>> unused = new TreeMap<>();
        byNode.forEach((node, targets) -> unused.put(
                node,
                targets.stream()
                        .filter(target -> !draft.former.contains(target))
                        .toList()));
        return unused;
    }

    /** A target to take the place of {@code from}: on the node with the fewest chains, and those shared with few others. */
    Optional<Long> bestFor(Chain chain, long from) {
        Set<Integer> taken = new HashSet<>();
        chain.targets().stream()
                .filter(target -> target.targetId() != from)
                .forEach(target -> taken.add(target.nodeId()));
        return byNode.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty() && !taken.contains(entry.getKey()))
                .min(Comparator.<Map.Entry<Integer, List<Long>>>comparingInt(
                                entry -> load.getOrDefault(entry.getKey(), 0))
                        .thenComparingLong(entry -> shared(entry.getKey(), taken))
                        .thenComparingInt(Map.Entry::getKey))
                .map(entry -> entry.getValue().getFirst());
    }

    /** A move from the node with the most chains to the one with the fewest, if that makes things more even. */
    Optional<Move> evening() {
        List<Integer> byLoad = load.keySet().stream()
                .sorted(Comparator.comparingInt((Integer node) -> load.getOrDefault(node, 0))
                        .thenComparingInt(node -> node))
                .toList();
        for (int to : byLoad) {
            if (byNode.getOrDefault(to, List.of()).isEmpty()) {
                continue;
            }
            for (int from : byLoad.reversed()) {
                if (load.getOrDefault(from, 0) - load.getOrDefault(to, 0) < 2) {
                    break;
                }
                Optional<Move> move = move(from, to);
                if (move.isPresent()) {
                    return move;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Move> move(int from, int to) {
        Comparator<Chain> fewestShared = Comparator.comparingLong(chain -> shared(to, nodes(chain)));
        return draft.chains.values().stream()
                .filter(chain -> !draft.moves.containsKey(chain.chainId()) && Draft.serving(chain) > 0)
                .filter(chain -> nodes(chain).contains(from) && !nodes(chain).contains(to))
                .min(fewestShared.thenComparingInt(Chain::chainId))
                .map(chain -> new Move(chain.chainId(), targetOn(chain, from), firstOn(to)));
    }

    private long firstOn(int node) {
        return byNode.getOrDefault(node, List.of()).getFirst();
    }

    private static long targetOn(Chain chain, int node) {
        return chain.targets().stream()
                .filter(target -> target.nodeId() == node)
                .findFirst()
                .orElseThrow()
                .targetId();
    }

    private static Set<Integer> nodes(Chain chain) {
        Set<Integer> nodes = new HashSet<>();
        chain.targets().forEach(target -> nodes.add(target.nodeId()));
        return nodes;
    }

    /** How many chains the node shares with the others. */
    private long shared(int node, Set<Integer> others) {
        return draft.chains.values().stream()
                .map(Spares::nodes)
                .filter(nodes -> nodes.contains(node))
                .mapToLong(nodes -> nodes.stream().filter(others::contains).count())
                .sum();
    }
}
