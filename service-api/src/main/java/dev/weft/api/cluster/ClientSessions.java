package dev.weft.api.cluster;

import dev.weft.rpc.Idempotent;
import dev.weft.rpc.RpcService;

/** Which clients there are. The primary manager answers. */
@RpcService
public interface ClientSessions {
    /** Opens the session, extends it, or ends it. */
    @Idempotent
    SessionReply session(SessionRequest request) throws NotPrimaryException;

    /** All sessions, by when they were opened. */
    @Idempotent
    SessionsReply sessions() throws NotPrimaryException;
}
