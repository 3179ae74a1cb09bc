package dev.weft.kv;

import dev.weft.serde.Serde;
import java.util.List;

/**
 * A transaction to be decided.
 *
 * @param reads what must be unchanged since the snapshot
 * @param cleared ranges to remove, before the writes
 */
@Serde
public record StoreCommit(long snapshot, List<StoreRange> reads, List<StoreRange> cleared, List<StoreWrite> writes) {}
