package dev.weft.cli.torture;

import java.util.Locale;

/** What is done to a process. */
enum FaultKind {
    /** A storage process is killed and started again. */
    KILL_STORAGE,
    /** A storage process is frozen, for less time than it takes to notice. */
    FREEZE_SHORT,
    /** A storage process is frozen until the cluster goes on without it, and then asked for what it has. */
    FREEZE_LONG,
    /** A storage process is stopped in order and started again. */
    RESTART_STORAGE,
    /** The disk of a storage process is filled to the last byte. */
    FULL_DISK,
    /** A storage process is killed while a replica is being filled, the one that fills or the one that is filled. */
    KILL_IN_RECOVERY,
    /** A cluster manager is killed and started again. */
    KILL_MANAGER,
    /** A cluster manager is frozen for longer than its lease. */
    FREEZE_MANAGER,
    /** The metadata service is killed and started again. */
    KILL_META,
    /** The store that all managers share is killed and started again. There is only one. */
    KILL_STORE;

    /** As options name it. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
