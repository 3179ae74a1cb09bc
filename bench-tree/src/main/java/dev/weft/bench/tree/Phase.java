package dev.weft.bench.tree;

/** What all clients do at the same time, one phase after the other. */
public enum Phase {
    CREATE,
    STAT,
    OPEN,
    /** Each client lists one directory; counted in entries, timed by listing. */
    LIST,
    RENAME,
    UNLINK
}
