package dev.weft.rpc.recorder;

import dev.weft.rpc.Idempotent;
import dev.weft.rpc.RpcService;

/** The switch of a server's flight recorder. Where it writes, and how much, is for the server to say. */
@RpcService
public interface RecorderService {
    /** What it does now. */
    @Idempotent
    RecorderStatus status();

    /** Records from now on; fails with FAILED_PRECONDITION if it cannot, and says why. */
    @Idempotent
    RecorderStatus start();

    /** Records no more. */
    @Idempotent
    RecorderStatus stop();
}
