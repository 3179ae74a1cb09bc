package dev.weft.rpc;

/**
 * Why a call has no result. What to do about it is part of the code's meaning, and retry policy reads nothing else.
 */
public enum StatusCode {
    /** The caller gave up, or was interrupted. The peer is told. */
    CANCELLED(1, Retry.NEVER),
    /** The deadline passed. Whether the handler ran is not known. */
    DEADLINE_EXCEEDED(2, Retry.NEVER),
    /** The request was provably not executed: no connection, or the peer refused it while shutting down. Peer looks down. */
    UNAVAILABLE(3, Retry.THIS_CALL),
    /** The connection broke after the request was sent. Whether the handler ran is not known. Peer looks down. */
    CONNECTION_LOST(4, Retry.IF_IDEMPOTENT),
    /** A limit was reached and the request was refused before it ran. Peer is up but busy. */
    RESOURCE_EXHAUSTED(5, Retry.THIS_CALL),
    /** The request cannot be decoded or is not valid. */
    INVALID_ARGUMENT(6, Retry.NEVER),
    /** The peer has no such service or method. */
    UNIMPLEMENTED(7, Retry.NEVER),
    /** The peer does not know who the caller is. */
    UNAUTHENTICATED(8, Retry.NEVER),
    /** The peer knows the caller and says no. */
    PERMISSION_DENIED(9, Retry.NEVER),
    /** The peer's state has moved on; refresh what the request was built from, then try again. */
    FAILED_PRECONDITION(10, Retry.HIGHER_LEVEL),
    /** The handler lost a race, as a conflicting transaction does; do the whole operation again. */
    ABORTED(11, Retry.HIGHER_LEVEL),
    /** A checksum did not match: what arrived is not what was sent. The request was not executed, or its reply is lost. */
    DATA_CORRUPTED(12, Retry.IF_IDEMPOTENT),
    /** The handler threw what it did not declare, or a reply cannot be decoded. */
    INTERNAL(13, Retry.NEVER),
    /** The handler threw an application error that the method declares; it is the cause of the exception. */
    APPLICATION(14, Retry.NEVER),
    /** The memory that a one-sided transfer names is unknown, too short, revoked, or does not allow the access. */
    REMOTE_MEMORY_REFUSED(15, Retry.NEVER);

    /** What a caller may do after a failure. */
    public enum Retry {
        /** Repeat the same call, after a pause. */
        THIS_CALL,
        /** Repeat the same call if it is declared idempotent. */
        IF_IDEMPOTENT,
        /** Read the state again and decide anew. */
        HIGHER_LEVEL,
        /** Repeating cannot help. */
        NEVER
    }

    private final int wireValue;
    private final Retry retry;

    StatusCode(int wireValue, Retry retry) {
        this.wireValue = wireValue;
        this.retry = retry;
    }

    /** The value that stands for this code on the wire; never re-used. */
    public int wireValue() {
        return wireValue;
    }

    public Retry retry() {
        return retry;
    }

    private static final StatusCode[] BY_WIRE_VALUE = new StatusCode[values().length + 1];

    static {
        for (StatusCode code : values()) {
            BY_WIRE_VALUE[code.wireValue] = code;
        }
    }

    /** The code behind a wire value; a value that this version does not know reads as {@link #INTERNAL}. */
    public static StatusCode ofWireValue(int value) {
        return value > 0 && value < BY_WIRE_VALUE.length ? BY_WIRE_VALUE[value] : INTERNAL;
    }
}
