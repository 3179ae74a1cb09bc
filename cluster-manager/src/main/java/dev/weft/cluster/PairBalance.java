package dev.weft.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Chains as sets of nodes, and how many each pair of nodes shares. {@link #improve} exchanges a node of one chain with one
 * of another as long as the sum of the squares of these numbers falls, and now and then when it does not, as simulated
 * annealing does (Jones and Eccleston, Exchange and interchange procedures to search for optimal designs, Journal of the
 * Royal Statistical Society B 42, 1980). How many chains a node has does not change. The chance is of a fixed seed. For one
 * thread.
 */
final class PairBalance {
    /** Tries per place of a chain: more brought nothing for 5 to 50 nodes. */
    private static final int TRIES = 3000;

    private static final int TRIES_MAX = 2_000_000;

    /** How much worse an exchange may be at first; it falls to nothing. */
    private static final double HEAT = 3;

    private final Map<Integer, Integer> indexOf = new HashMap<>();
    private final List<Integer> nodes = new ArrayList<>();

    /** By index: how many chains two nodes share. */
    private int[][] shared = new int[16][16];

    /** New chains, by indexes of their nodes; those that were there before only count. */
    private final List<int[]> chains = new ArrayList<>();

    private long random = 0x9E3779B97F4A7C15L;

    PairBalance(List<List<Integer>> present) {
        present.forEach(chain -> count(indexes(chain), 1));
    }

    void add(List<Integer> chain) {
        int[] added = indexes(chain);
        count(added, 1);
        chains.add(added);
    }

    /** How many chains the node shares with the others. */
    int shared(int node, List<Integer> others) {
        int index = index(node);
        return others.stream().mapToInt(other -> shared[index][index(other)]).sum();
    }

    List<List<Integer>> chains() {
        return chains.stream()
                .map(chain -> {
                    List<Integer> ids = new ArrayList<>();
                    for (int index : chain) {
                        ids.add(nodes.get(index));
                    }
                    return ids;
                })
                .toList();
    }

    private int[] indexes(List<Integer> chain) {
        return chain.stream().mapToInt(this::index).toArray();
    }

    private int index(int node) {
        return indexOf.computeIfAbsent(node, id -> {
            nodes.add(id);
            int size = shared.length;
            if (nodes.size() > size) {
                int[][] wider = new int[size * 2][size * 2];
                for (int i = 0; i < size; i++) {
                    System.arraycopy(shared[i], 0, wider[i], 0, size);
                }
                shared = wider;
            }
            return nodes.size() - 1;
        });
    }

    private void count(int[] chain, int change) {
        for (int a : chain) {
            for (int b : chain) {
                if (a != b) {
                    shared[a][b] += change;
                }
            }
        }
    }

    /** Leaves the best chains found. */
    void improve() {
        if (chains.size() < 2 || nodes.size() < 3 || chains.getFirst().length < 2) {
            return;
        }
        int replicas = chains.getFirst().length;
        int tries = (int) Math.min(TRIES_MAX, (long) TRIES * chains.size() * replicas);
        long cost = cost();
        long best = cost;
        long least = leastCost();
        List<int[]> bestChains = copy();
        for (int i = 0; i < tries && best > least; i++) {
            int[] one = chains.get(next(chains.size()));
            int[] other = chains.get(next(chains.size()));
            int p = next(one.length);
            int q = next(other.length);
            if (contains(one, other[q]) || contains(other, one[p])) {
                continue;
            }
            long change = exchange(one, p, other, q);
            cost += change;
            double heat = HEAT * (tries - i) / tries;
            if (change > 0 && next(1 << 20) >= Math.exp(-change / heat) * (1 << 20)) {
                cost += exchange(one, p, other, q);
            } else if (cost < best) {
                best = cost;
                bestChains = copy();
            }
        }
        chains.clear();
        chains.addAll(bestChains);
    }

    private long cost() {
        long cost = 0;
        for (int a = 0; a < nodes.size(); a++) {
            for (int b = 0; b < a; b++) {
                cost += (long) shared[a][b] * shared[a][b];
            }
        }
        return cost;
    }

    /** Of a design in which no two pairs differ by more than one; it need not exist. */
    private long leastCost() {
        long sum = 0;
        for (int a = 0; a < nodes.size(); a++) {
            for (int b = 0; b < a; b++) {
                sum += shared[a][b];
            }
        }
        long pairs = (long) nodes.size() * (nodes.size() - 1) / 2;
        long low = sum / pairs;
        long higher = sum - low * pairs;
        return (pairs - higher) * low * low + higher * (low + 1) * (low + 1);
    }

    /** Exchanges two nodes; returns by how much the sum of squares grows. Done twice it is undone. */
    private long exchange(int[] one, int p, int[] other, int q) {
        int a = one[p];
        int b = other[q];
        long change = 0;
        for (int i = 0; i < one.length; i++) {
            if (i != p) {
                change += share(a, one[i], -1) + share(b, one[i], 1);
            }
        }
        for (int i = 0; i < other.length; i++) {
            if (i != q) {
                change += share(b, other[i], -1) + share(a, other[i], 1);
            }
        }
        one[p] = b;
        other[q] = a;
        return change;
    }

    /** The square of {@code n + d} is greater than that of {@code n} by {@code 2nd + 1}. */
    private long share(int a, int b, int change) {
        long grows = 2L * shared[a][b] * change + 1;
        shared[a][b] += change;
        shared[b][a] += change;
        return grows;
    }

    private static boolean contains(int[] chain, int node) {
        for (int each : chain) {
            if (each == node) {
                return true;
            }
        }
        return false;
    }

    private List<int[]> copy() {
        List<int[]> copy = new ArrayList<>();
        chains.forEach(chain -> copy.add(chain.clone()));
        return copy;
    }

    /** Xorshift: even enough for this, and the same on every machine. */
    private int next(int bound) {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return (int) Long.remainderUnsigned(random >>> 11, bound);
    }
}
