package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.util.List;

/**
 * Where to go instead.
 *
 * @param managerId of the primary; zero while there is none that this manager knows of
 * @param addresses where the primary listens; empty while there is none
 * @param reason for people
 */
@Serde
public record NotPrimary(int managerId, List<String> addresses, String reason) {}
