package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/** Moves a file or directory; an existing file or empty directory at {@code to} is replaced, as POSIX has it. */
@Serde
public record RenameRequest(String from, String to, UUID request) {}
