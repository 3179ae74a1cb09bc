package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.Optional;

/**
 * Asks for extended attributes.
 *
 * @param follow if the last name is a symbolic link, ask for those of what it leads to
 * @param name of the one to be given; empty for all of them
 */
@Serde
public record GetExtendedRequest(Credentials caller, PathAt at, boolean follow, Optional<String> name) {}
