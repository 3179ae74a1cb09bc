package dev.weft.simulation;

/** What can go wrong. */
enum Fault {
    /** A storage service dies and comes back. */
    CRASH,
    /** A machine with a storage service loses power. */
    POWER_LOSS,
    /** All machines with storage services lose power at once. */
    BLACKOUT,
    /** A cluster manager, mostly the primary, dies and comes back. */
    CRASH_MANAGER,
    /** The process that serves the managers' store dies, and with it the snapshots that it holds. */
    CRASH_STORE,
    /** A manager, mostly the primary, does not reach the store, or its commits take longer than its lease. */
    STORE_PARTITION,
    /** Commits conflict, come too late, or nobody knows what became of them. */
    STORE_UPSET,
    /** Storage nodes do not reach one manager, mostly the primary, which reaches the store. */
    MANAGER_APART,
    /** A client dies, and another one takes its place. */
    CRASH_CLIENT,
    /** Two storage nodes do not reach each other. */
    PARTITION,
    /** One storage node does not reach another, which reaches it. */
    ONE_WAY_PARTITION,
    /** A storage node and the cluster managers do not reach each other. */
    MANAGER_PARTITION,
    /** A storage node reaches nobody but clients. */
    ISOLATION,
    /** A storage node and a client reach each other, and nobody else. */
    SPLIT,
    /** A client does not reach a storage node. */
    CLIENT_PARTITION,
    /** Messages from and to a storage node or a manager take long. */
    SLOW_NODE,
    /** A process stands still for a while, and then goes on as if nothing had happened. */
    PAUSE,
    /** A disk takes long. */
    SLOW_DISK,
    /** A disk fails, and is well again once the service on it has been started again. */
    DISK_ERROR,
    /** A disk has no space. */
    DISK_FULL,
    /** Messages take long everywhere. */
    DELAY,
    /** Connections break everywhere. */
    LOSS,
    /** Many requests come a second time, late, and clients ask again for what they have long been answered. */
    REPEATS
}
