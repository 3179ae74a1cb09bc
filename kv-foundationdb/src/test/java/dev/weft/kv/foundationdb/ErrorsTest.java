package dev.weft.kv.foundationdb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.apple.foundationdb.FDBException;
import dev.weft.kv.Bytes;
import dev.weft.kv.CommitResult;
import dev.weft.rpc.StatusCode;
import java.util.HexFormat;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What needs no cluster. */
final class ErrorsTest {
    private static CommitResult commit(int code) {
        Throwable failure = new CompletionException(new FDBException("text", code));
        return Errors.ofCommit(Errors.codeOf(failure), failure);
    }

    @Test
    void aConflictAndAnOldVersionHaveWrittenNothing() {
        assertEquals(new CommitResult.Conflicted(CommitResult.Reason.READ_CHANGED), commit(Errors.NOT_COMMITTED));
        assertEquals(new CommitResult.Conflicted(CommitResult.Reason.TOO_OLD), commit(Errors.TRANSACTION_TOO_OLD));
        assertInstanceOf(CommitResult.Refused.class, commit(Errors.TAG_THROTTLED));
        assertThrows(IllegalArgumentException.class, () -> commit(Errors.VALUE_TOO_LARGE));
    }

    @Test
    void whateverElseMayHaveCommitted() {
        assertInstanceOf(CommitResult.MaybeCommitted.class, commit(Errors.COMMIT_UNKNOWN_RESULT));
        assertInstanceOf(CommitResult.MaybeCommitted.class, commit(Errors.TRANSACTION_TIMED_OUT));
        assertInstanceOf(CommitResult.MaybeCommitted.class, commit(4100));
        assertInstanceOf(
                CommitResult.MaybeCommitted.class,
                Errors.ofCommit(Errors.codeOf(new IllegalStateException("x")), new IllegalStateException("x")));
    }

    @Test
    void aReadOfAVersionThatIsForgottenIsDoneAgain() {
        assertTrue(Errors.isLost(Errors.ofRead(Errors.TRANSACTION_TOO_OLD, null)));
        assertFalse(Errors.isLost(Errors.ofRead(Errors.TRANSACTION_TIMED_OUT, null)));
        assertEquals(StatusCode.INTERNAL, Errors.ofRead(4100, null).code());
    }

    @Test
    void aStampedKeySaysWhereItsStampGoes() {
        assertArrayEquals(
                HexFormat.of().parseHex("7061" + "00000000000000000000" + "73" + "02000000"),
                Writes.stampedKey(Bytes.ofUtf8("pa"), Bytes.ofUtf8("s")));
    }
}
