package dev.weft.api.meta;

import dev.weft.serde.Serde;

/**
 * Asks for an inode.
 *
 * @param follow if the last name is a symbolic link, ask for what it leads to
 */
@Serde
public record StatRequest(Credentials caller, PathAt at, boolean follow) {}
