package dev.weft.api.cluster;

import dev.weft.serde.Serde;

/** State of a target as its own storage service reports it. */
@Serde
public enum LocalState {
    /** Holds all committed data of its chain. */
    UP_TO_DATE,
    /** Usable, but may lack data. */
    ONLINE,
    /** Not usable: the process is gone or the disk failed. */
    OFFLINE
}
