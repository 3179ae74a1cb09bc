package dev.weft.cluster;

import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;

/** Why a heartbeat is not taken. */
record Refusal(StatusCode code, String reason) {
    static Refusal invalid(String reason) {
        return new Refusal(StatusCode.INVALID_ARGUMENT, reason);
    }

    /** The sender is right in form, but not any more in time. */
    static Refusal stale(String reason) {
        return new Refusal(StatusCode.FAILED_PRECONDITION, reason);
    }

    static Refusal tooMany(String reason) {
        return new Refusal(StatusCode.RESOURCE_EXHAUSTED, reason);
    }

    RpcException toException() {
        return new RpcException(code, reason);
    }
}
