package dev.weft.api.cluster;

import dev.weft.rpc.Idempotent;
import dev.weft.rpc.RpcService;

/** What every server process answers, whatever its role. */
@RpcService
public interface NodeService {
    /** What the transports of the process have done since it was started. */
    @Idempotent
    CountersReply counters();
}
