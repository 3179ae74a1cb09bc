package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/** Gives a file or symbolic link, not a directory, another name. A symbolic link at {@code from} is not followed. */
@Serde
public record LinkRequest(Credentials caller, PathAt from, PathAt to, UUID request) {}
