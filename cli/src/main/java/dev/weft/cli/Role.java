package dev.weft.cli;

/** What a server process does. */
enum Role {
    MANAGER,
    META,
    STORAGE,
    /** Holds a key-value store that other servers share, or a replica of it. */
    KV,
    /** Everything in one process, for trying things out; chains have one replica. */
    ALL
}
