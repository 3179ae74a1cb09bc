package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.util.Map;

/**
 * Options of all nodes of a kind. An option that is not in it is as each node has it by itself.
 *
 * @param version grows with each change; zero when nothing was ever set
 */
@Serde
public record ConfigSet(NodeRole role, long version, Map<String, String> options) {}
