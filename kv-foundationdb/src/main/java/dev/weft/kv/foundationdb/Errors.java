package dev.weft.kv.foundationdb;

import com.apple.foundationdb.FDBException;
import dev.weft.kv.CommitResult;
import dev.weft.kv.CommitResult.Reason;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import org.jspecify.annotations.Nullable;

/** What FoundationDB's error codes mean here. Its own predicates need the client library; this does not. */
final class Errors {
    static final int TRANSACTION_TOO_OLD = 1007;
    static final int FUTURE_VERSION = 1009;
    static final int NOT_COMMITTED = 1020;
    static final int COMMIT_UNKNOWN_RESULT = 1021;
    static final int TRANSACTION_TIMED_OUT = 1031;
    static final int PROCESS_BEHIND = 1037;
    static final int DATABASE_LOCKED = 1038;
    static final int CLUSTER_VERSION_CHANGED = 1039;
    static final int PROXY_MEMORY_LIMIT_EXCEEDED = 1042;
    static final int BATCH_TRANSACTION_THROTTLED = 1051;
    static final int GRV_PROXY_MEMORY_LIMIT_EXCEEDED = 1078;
    static final int TAG_THROTTLED = 1213;
    static final int KEY_TOO_LARGE = 2102;
    static final int VALUE_TOO_LARGE = 2103;
    static final int TRANSACTION_TOO_LARGE = 2101;
    private static final int UNKNOWN = -1;

    private Errors() {}

    static int codeOf(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof FDBException)) {
            cause = cause.getCause();
        }
        return cause instanceof FDBException known ? known.getCode() : UNKNOWN;
    }

    static CommitResult ofCommit(int code, Throwable failure) {
        return switch (code) {
            case NOT_COMMITTED -> new CommitResult.Conflicted(Reason.READ_CHANGED);
            // Nothing was written, and another try has a newer version.
            case TRANSACTION_TOO_OLD, FUTURE_VERSION, PROCESS_BEHIND -> new CommitResult.Conflicted(Reason.TOO_OLD);
            case PROXY_MEMORY_LIMIT_EXCEEDED,
                    GRV_PROXY_MEMORY_LIMIT_EXCEEDED,
                    BATCH_TRANSACTION_THROTTLED,
                    TAG_THROTTLED -> new CommitResult.Refused(0);
            case KEY_TOO_LARGE, VALUE_TOO_LARGE, TRANSACTION_TOO_LARGE ->
                throw new IllegalArgumentException(String.valueOf(failure.getMessage()), failure);
            case DATABASE_LOCKED -> throw new IllegalStateException("the FoundationDB cluster is locked", failure);
            // Unknown result, time out, another version of the cluster, and whatever else: nobody can tell.
            default -> new CommitResult.MaybeCommitted(failure);
        };
    }

    static RpcException ofRead(int code, @Nullable Throwable failure) {
        StatusCode status = switch (code) {
            case TRANSACTION_TOO_OLD, FUTURE_VERSION, PROCESS_BEHIND, CLUSTER_VERSION_CHANGED -> StatusCode.ABORTED;
            case BATCH_TRANSACTION_THROTTLED,
                    TAG_THROTTLED,
                    PROXY_MEMORY_LIMIT_EXCEEDED,
                    GRV_PROXY_MEMORY_LIMIT_EXCEEDED -> StatusCode.RESOURCE_EXHAUSTED;
            case TRANSACTION_TIMED_OUT -> StatusCode.DEADLINE_EXCEEDED;
            default -> StatusCode.INTERNAL;
        };
        String message = "FoundationDB error " + code + (failure == null ? "" : ": " + failure.getMessage());
        return failure == null ? new RpcException(status, message) : new RpcException(status, message, failure);
    }

    /** Whether running the transaction again mends it. */
    static boolean isLost(RpcException failure) {
        return failure.code() == StatusCode.ABORTED || failure.code() == StatusCode.RESOURCE_EXHAUSTED;
    }
}
