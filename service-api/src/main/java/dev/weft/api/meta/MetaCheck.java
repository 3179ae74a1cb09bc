package dev.weft.api.meta;

import dev.weft.rpc.Idempotent;
import dev.weft.rpc.RpcService;

/**
 * Checks a file system while it is used. A check runs at the server that began it, one at a time there, and ends when nobody
 * has asked for it for a minute.
 */
@RpcService
public interface MetaCheck {
    /** Begins; does nothing if this check has begun. BUSY while there is another one. */
    @Idempotent
    CheckStatus start(CheckStartRequest request) throws MetaException;

    /** How far it is; NOT_FOUND at a server that has no such check. */
    @Idempotent
    CheckStatus status(CheckStatusRequest request) throws MetaException;
}
