package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.List;

/** A page of a directory; {@code more} says that it goes on after the last entry. */
@Serde
public record ListReply(List<DirectoryEntry> entries, boolean more) {}
