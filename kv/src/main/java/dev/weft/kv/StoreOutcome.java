package dev.weft.kv;

import dev.weft.serde.Serde;
import java.lang.foreign.MemorySegment;

/** What became of a commit: {@link CommitResult} as it travels. */
@Serde
public sealed interface StoreOutcome {
    @Serde
    record Committed(long version, MemorySegment versionstamp) implements StoreOutcome {}

    @Serde
    record ReadChanged() implements StoreOutcome {}

    @Serde
    record TooOld() implements StoreOutcome {}

    @Serde
    record MaybeCommitted(String cause) implements StoreOutcome {}

    @Serde
    record Refused(int pendingMax) implements StoreOutcome {}

    static StoreOutcome of(CommitResult result) {
        return switch (result) {
            case CommitResult.Committed(long version, Bytes stamp) -> new Committed(version, stamp.segment());
            case CommitResult.Conflicted(CommitResult.Reason reason) ->
                reason == CommitResult.Reason.TOO_OLD ? new TooOld() : new ReadChanged();
            case CommitResult.MaybeCommitted(Throwable cause) -> new MaybeCommitted(cause.toString());
            case CommitResult.Refused(int pendingMax) -> new Refused(pendingMax);
        };
    }

    /** The result on the caller's side. */
    default CommitResult toResult() {
        return switch (this) {
            case Committed(long version, MemorySegment stamp) ->
                new CommitResult.Committed(version, Bytes.copyOf(stamp));
            case ReadChanged() -> new CommitResult.Conflicted(CommitResult.Reason.READ_CHANGED);
            case TooOld() -> new CommitResult.Conflicted(CommitResult.Reason.TOO_OLD);
            case MaybeCommitted(String cause) -> new CommitResult.MaybeCommitted(new IllegalStateException(cause));
            case Refused(int pendingMax) -> new CommitResult.Refused(pendingMax);
        };
    }
}
