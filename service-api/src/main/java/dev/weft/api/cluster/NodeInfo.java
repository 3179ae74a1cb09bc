package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.util.List;

/**
 * A server process as the others see it.
 *
 * @param addresses where it listens, as {@code tcp://host:port}, best first
 * @param alive whether its lease is current, in the cluster manager's judgement
 */
@Serde
public record NodeInfo(int nodeId, NodeRole role, List<String> addresses, boolean alive) {}
