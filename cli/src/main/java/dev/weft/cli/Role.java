package dev.weft.cli;

/** What a server process does. */
enum Role {
    MANAGER,
    META,
    STORAGE,
    /** Everything in one process, for trying things out; chains have one replica. */
    ALL
}
