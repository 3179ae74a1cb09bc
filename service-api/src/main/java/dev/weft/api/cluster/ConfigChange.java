package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.util.List;
import java.util.Map;

/**
 * Changes options.
 *
 * @param set options with their new values
 * @param remove options that go back to what each node has by itself
 */
@Serde
public record ConfigChange(NodeRole role, Map<String, String> set, List<String> remove) {}
