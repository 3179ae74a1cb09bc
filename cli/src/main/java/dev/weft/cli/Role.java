package dev.weft.cli;

/** What a server process does. */
enum Role {
    MANAGER,
    META,
    STORAGE,
    /** Holds the key-value store that several managers share. */
    KV,
    /** Everything in one process, for trying things out; chains have one replica. */
    ALL
}
