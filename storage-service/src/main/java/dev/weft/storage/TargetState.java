package dev.weft.storage;

import dev.weft.api.cluster.LocalState;
import dev.weft.api.cluster.PublicState;

/**
 * State of one target by itself, as a function of what is published of it.
 *
 * @param seen what was published last
 * @param chainVersion at which {@code local} became up-to-date
 * @param usable false before the cluster has taken note of our restart, and once the disk failed
 */
record TargetState(LocalState local, PublicState seen, int chainVersion, boolean usable, boolean failed) {
    /**
     * A process that starts may lack what its chain wrote without it. It reports its targets as offline until the cluster
     * has taken them out of use, and only then as there again, so that they are filled before they serve.
     */
    static final TargetState STARTING = new TargetState(LocalState.OFFLINE, PublicState.OFFLINE, 0, false, false);

    static final TargetState FAILED = new TargetState(LocalState.OFFLINE, PublicState.OFFLINE, 0, false, true);

    TargetState follow(PublicState published, int version) {
        if (failed) {
            return this;
        }
        if (!usable) {
            boolean outOfUse = published == PublicState.OFFLINE || published == PublicState.LASTSRV;
            return outOfUse
                    ? new TargetState(LocalState.ONLINE, published, version, true, false)
                    : new TargetState(LocalState.OFFLINE, published, version, false, false);
        }
        LocalState next = switch (published) {
            // What serves holds all: a replica that was filled, or the one that the whole chain goes by.
            case SERVING -> LocalState.UP_TO_DATE;
            // Complete only while nothing has happened to the chain since the filling ended.
            case SYNCING ->
                local == LocalState.UP_TO_DATE && seen == PublicState.SYNCING && version == chainVersion
                        ? LocalState.UP_TO_DATE
                        : LocalState.ONLINE;
            case LASTSRV, WAITING, OFFLINE -> LocalState.ONLINE;
        };
        return new TargetState(next, published, version, true, false);
    }

    TargetState synced(int version) {
        return new TargetState(LocalState.UP_TO_DATE, seen, version, usable, failed);
    }

    /** A filling begins: what we know of applied writes may be older than what we are brought. */
    boolean mustForgetApplied(TargetState before) {
        return seen == PublicState.SYNCING && before.seen != PublicState.SYNCING;
    }

    /** We serve again without having been filled: what is pending here may be committed elsewhere, or read. */
    boolean mustCommitPending(TargetState before) {
        return seen == PublicState.SERVING && before.local == LocalState.ONLINE;
    }
}
