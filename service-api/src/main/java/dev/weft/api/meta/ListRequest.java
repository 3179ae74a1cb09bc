package dev.weft.api.meta;

import dev.weft.serde.Serde;

/**
 * Lists a directory in the order of the names' UTF-8 bytes, from after {@code after} (empty for the beginning), at most
 * {@code limit} entries. What is there all the time, while page after page is asked for, is listed exactly once.
 *
 * @param attributes whether to give the inodes too, for which the directory must be searchable
 */
@Serde
public record ListRequest(Credentials caller, PathAt at, String after, int limit, boolean attributes) {}
