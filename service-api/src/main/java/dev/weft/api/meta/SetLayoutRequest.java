package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/**
 * Says how new files in a directory are laid out that do not say so themselves; directories that are made in it take it
 * over. Files that are there stay as they are.
 *
 * @param chunkSize a power of two, 64 KiB to 64 MiB; zero for the server's default
 * @param stripes over how many chains; zero for the server's default
 */
@Serde
public record SetLayoutRequest(Credentials caller, PathAt at, int chunkSize, int stripes, UUID request) {}
