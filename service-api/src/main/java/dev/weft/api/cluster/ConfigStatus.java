package dev.weft.api.cluster;

import dev.weft.serde.Serde;

/**
 * How far a node has followed its options.
 *
 * @param version that it has; zero for none
 * @param error which of them it could not apply, and why; empty if it applied all
 */
@Serde
public record ConfigStatus(long version, String error) {
    public static final ConfigStatus NONE = new ConfigStatus(0, "");
}
