package dev.weft.storage.engine;

import java.util.UUID;

/** Identity of a change: a retry carries the same one, and the next change of the same channel a higher sequence. */
public record WriteId(UUID client, int channel, long sequence) {}
