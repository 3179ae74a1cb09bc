package dev.weft.kv;

import dev.weft.serde.Serde;

/**
 * A replica of a store.
 *
 * @param address where its peers reach it, host and port; may be empty to remove it
 */
@Serde
public record StorePeer(String id, String address) {}
