package dev.weft.kv;

import dev.weft.serde.Serde;
import java.util.List;
import java.util.Optional;

/**
 * How a store is, as one of its processes sees it.
 *
 * @param self id of the peer that answers; empty for an engine without peers
 * @param leads whether this process takes transactions
 * @param leader id of the peer that leads, if it is known
 * @param peers all replicas; empty for an engine without peers
 * @param term of the leader, or 0
 * @param version of the newest commit that this process has
 * @param appliedIndex of the log; the version, for an engine without one
 */
@Serde
public record StoreStatus(
        String engine,
        String self,
        boolean leads,
        Optional<String> leader,
        List<StorePeer> peers,
        long term,
        long version,
        long appliedIndex) {}
