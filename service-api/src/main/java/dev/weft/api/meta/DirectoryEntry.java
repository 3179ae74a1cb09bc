package dev.weft.api.meta;

import dev.weft.serde.Serde;

/** A name in a directory, with what it stands for. */
@Serde
public record DirectoryEntry(String name, Inode inode) {}
