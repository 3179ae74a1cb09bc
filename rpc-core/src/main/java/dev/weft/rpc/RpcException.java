package dev.weft.rpc;

import org.jspecify.annotations.Nullable;

/** A call that has no result. Everything that the network, the peer or a limit can do to a call ends in this. */
public final class RpcException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final StatusCode code;
    private final String reason;

    public RpcException(StatusCode code, String message) {
        this(code, message, null);
    }

    public RpcException(StatusCode code, String message, @Nullable Throwable cause) {
        super(code + ": " + message, cause);
        this.code = code;
        this.reason = message;
    }

    public StatusCode code() {
        return code;
    }

    /** The message without the code before it. */
    public String reason() {
        return reason;
    }
}
