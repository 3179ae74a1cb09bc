package dev.weft.cluster;

import java.time.Duration;

/**
 * Settings of the cluster manager.
 *
 * @param failureTime a node that was not heard of for this long has failed
 * @param lease how long a node may act on after it sent a heartbeat: at most half the failure time, so that it has
 *     stopped well before others take its place, whatever the drift of clocks
 * @param checkInterval how often nodes are checked for failure
 * @param replicas targets in each new chain
 * @param storageNodes chains are formed once this many storage nodes have spare targets
 * @param targetsPerNode how many spare targets each of them then has at least
 * @param patienceMax longest that a request for routing is held
 * @param waitersMax requests for routing held at a time; more are answered at once
 * @param nodesMax nodes that may register
 * @param managerLease how long another manager waits, while the primary does not renew its lease, before it takes over;
 *     the primary acts for three quarters of it. Less than a node's lease, so that nodes are answered again before theirs end
 * @param changesMax ids of changed nodes, chains and tables that are remembered, to send changes instead of all routing
 * @param sessionTime a client that was not heard of for this long is gone
 * @param sessionsMax clients at a time
 * @param movesMax targets moved to other nodes at a time
 */
public record ClusterManagerConfig(
        Duration failureTime,
        Duration lease,
        Duration checkInterval,
        int replicas,
        int storageNodes,
        int targetsPerNode,
        Duration patienceMax,
        int waitersMax,
        int nodesMax,
        Duration managerLease,
        int changesMax,
        Duration sessionTime,
        int sessionsMax,
        int movesMax) {
    public ClusterManagerConfig {
        positive("failure-time", failureTime.toNanos());
        positive("lease", lease.toNanos());
        positive("check-interval", checkInterval.toNanos());
        if (lease.multipliedBy(2).compareTo(failureTime) > 0) {
            throw new IllegalArgumentException(
                    "lease is " + lease + ", must be at most half of failure-time, which is " + failureTime);
        }
        positive("replicas", replicas);
        positive("targets-per-node", targetsPerNode);
        positive("patience-max", patienceMax.toNanos());
        positive("waiters-max", waitersMax);
        positive("nodes-max", nodesMax);
        positive("manager-lease", managerLease.toNanos());
        positive("changes-max", changesMax);
        positive("session-time", sessionTime.toNanos());
        positive("sessions-max", sessionsMax);
        positive("moves-max", movesMax);
        if (storageNodes < replicas) {
            throw new IllegalArgumentException(
                    "storage-nodes is " + storageNodes + ", must be at least replicas, which is " + replicas);
        }
    }

    /** Three replicas on three nodes with four targets each; a failed node is noticed after six seconds. */
    public static ClusterManagerConfig defaults() {
        return new ClusterManagerConfig(
                Duration.ofSeconds(6),
                Duration.ofSeconds(3),
                Duration.ofMillis(250),
                3,
                3,
                4,
                Duration.ofSeconds(30),
                10_000,
                10_000,
                Duration.ofSeconds(2),
                10_000,
                Duration.ofMinutes(1),
                100_000,
                4);
    }

    /** The same with other chains. */
    public ClusterManagerConfig withChains(int replicas, int storageNodes, int targetsPerNode) {
        return new ClusterManagerConfig(
                failureTime,
                lease,
                checkInterval,
                replicas,
                storageNodes,
                targetsPerNode,
                patienceMax,
                waitersMax,
                nodesMax,
                managerLease,
                changesMax,
                sessionTime,
                sessionsMax,
                movesMax);
    }

    /** The same with another failure time, half of it as the lease of nodes, and a third as that of the primary. */
    public ClusterManagerConfig withFailureTime(Duration failureTime) {
        return new ClusterManagerConfig(
                failureTime,
                failureTime.dividedBy(2),
                checkInterval,
                replicas,
                storageNodes,
                targetsPerNode,
                patienceMax,
                waitersMax,
                nodesMax,
                failureTime.dividedBy(3),
                changesMax,
                sessionTime,
                sessionsMax,
                movesMax);
    }

    private static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be greater than zero");
        }
    }
}
