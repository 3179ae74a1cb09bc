package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether there is the lock now.
 *
 * @param inTheWay one that conflicts; if there is one, nothing was changed
 * @param lease for how long the client's locks are held from now on, unless it extends that
 */
@Serde
public record LockFileReply(Optional<FileLock> inTheWay, Duration lease) {}
