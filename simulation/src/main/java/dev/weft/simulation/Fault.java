package dev.weft.simulation;

/** What can go wrong. */
enum Fault {
    /** A storage service dies and comes back. */
    CRASH,
    /** A machine with a storage service loses power. */
    POWER_LOSS,
    /** All machines with storage services lose power at once. */
    BLACKOUT,
    /** The cluster manager dies and comes back. */
    CRASH_MANAGER,
    /** A client dies, and another one takes its place. */
    CRASH_CLIENT,
    /** Two storage nodes do not reach each other. */
    PARTITION,
    /** One storage node does not reach another, which reaches it. */
    ONE_WAY_PARTITION,
    /** A storage node and the cluster manager do not reach each other. */
    MANAGER_PARTITION,
    /** A storage node reaches nobody but clients. */
    ISOLATION,
    /** A storage node and a client reach each other, and nobody else. */
    SPLIT,
    /** A client does not reach a storage node. */
    CLIENT_PARTITION,
    /** Messages from and to a storage node take long. */
    SLOW_NODE,
    /** A disk takes long. */
    SLOW_DISK,
    /** A disk fails, and is well again once the service on it has been started again. */
    DISK_ERROR,
    /** A disk has no space. */
    DISK_FULL,
    /** Messages take long everywhere. */
    DELAY,
    /** Connections break everywhere. */
    LOSS
}
