package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.util.Map;

/**
 * Counters of one process.
 *
 * @param counters by name, the scheme of the transport first: {@code rdma.read-bytes}; counts, and bytes where the name ends in
 *     {@code -bytes}
 */
@Serde
public record CountersReply(Map<String, Long> counters) {
    public CountersReply {
        counters = Map.copyOf(counters);
    }
}
