package dev.weft.storage;

import java.time.Duration;
import java.util.List;

/**
 * How a storage service works.
 *
 * @param nodeId its name in the cluster
 * @param incarnation grows with each start of the node
 * @param addresses where it listens, as others are told
 * @param targets that it holds; each becomes part of a chain
 * @param heartbeatInterval between heartbeats; far less than the lease that they renew
 * @param forwardPatience how long a change is forwarded, along a chain that may change, before it fails
 */
public record StorageConfig(
        int nodeId,
        long incarnation,
        List<String> addresses,
        List<Long> targets,
        Duration heartbeatInterval,
        Duration forwardPatience) {
    public StorageConfig {
        addresses = List.copyOf(addresses);
        targets = List.copyOf(targets);
        if (nodeId < 1) {
            throw new IllegalArgumentException("node-id of " + nodeId + " is less than 1");
        }
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("targets are missing: node " + nodeId + " would hold nothing");
        }
        requirePositive("heartbeat-interval", heartbeatInterval);
        requirePositive("forward-patience", forwardPatience);
    }

    /** Heartbeats every half second, forwards for 20 s. */
    public static StorageConfig of(int nodeId, long incarnation, List<String> addresses, List<Long> targets) {
        return new StorageConfig(
                nodeId, incarnation, addresses, targets, Duration.ofMillis(500), Duration.ofSeconds(20));
    }

    private static void requirePositive(String key, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(key + " of " + value + " is not positive");
        }
    }
}
