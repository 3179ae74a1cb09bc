package dev.weft.api.cluster;

import dev.weft.serde.Serde;

/** State of a target as the cluster manager decides and publishes it. */
@Serde
public enum PublicState {
    /** Has every committed write; serves reads and takes writes. */
    SERVING,
    /** Was the last to serve when all failed: holds the newest data, and the chain waits for it. */
    LASTSRV,
    /** Takes writes and is being filled by its predecessor; does not serve reads. */
    SYNCING,
    /** Alive, waits to be filled. */
    WAITING,
    /** Not in use. */
    OFFLINE
}
