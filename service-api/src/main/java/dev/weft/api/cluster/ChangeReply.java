package dev.weft.api.cluster;

import dev.weft.serde.Serde;

/**
 * What became of a change.
 *
 * @param changed false if everything was so already
 * @param message for people
 */
@Serde
public record ChangeReply(boolean changed, String message) {}
