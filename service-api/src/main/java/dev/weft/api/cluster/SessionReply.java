package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.time.Duration;

/**
 * The session stands.
 *
 * @param lasts without another sign of life, from when this one was received
 */
@Serde
public record SessionReply(Duration lasts) {}
