package dev.weft.api.storage;

import dev.weft.serde.Serde;
import java.util.UUID;

/**
 * Identity of a write for exactly-once: of one client, one channel carries one write at a time, and its sequence grows.
 * A retry has the same tag.
 */
@Serde
public record WriteTag(UUID client, int channel, long sequence) {}
