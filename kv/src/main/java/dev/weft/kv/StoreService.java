package dev.weft.kv;

import dev.weft.rpc.Idempotent;
import dev.weft.rpc.RpcService;

/**
 * A key-value store as another process uses it, through {@link RemoteKeyValueStore}: reads of a version that the server
 * holds for the caller, and commits of all writes at once. Documented in {@code docs/protocol/key-value-service.md}.
 */
@RpcService
public interface StoreService {
    /** Holds the newest version for the caller, until it commits, releases it or is silent for long. */
    StoreSnapshot begin();

    @Idempotent
    StoreValue get(StoreGet request);

    /** Reads many keys: those whose values fit one reply, and at least the first. */
    @Idempotent
    StoreValues getAll(StoreGetAll request);

    /** Entries of a range in key order: as many as fit one reply. */
    @Idempotent
    StorePage scan(StoreScan request);

    /** Checks and writes; the snapshot is gone afterwards, whatever becomes of the commit. */
    StoreOutcome commit(StoreCommit request);

    /** Gives up a snapshot. */
    @Idempotent
    void release(StoreRelease request);
}
