package dev.weft.kv;

/** What became of a commit. */
public sealed interface CommitResult {
    /**
     * The writes are durable and visible to every transaction that begins from now on.
     *
     * @param version of the store after them; a transaction without writes has its read version
     * @param versionstamp the ten bytes that stand in the keys of {@link Transaction#putStamped}
     */
    record Committed(long version, Bytes versionstamp) implements CommitResult {}

    /** Nothing was written: what the transaction read may have changed. Run it again from the beginning. */
    record Conflicted(Reason reason) implements CommitResult {}

    /** It is not known whether the writes are there; they never will be there in part. */
    record MaybeCommitted(Throwable cause) implements CommitResult {}

    /** Nothing was written: too many commits are waiting. Run the transaction again after a pause. */
    record Refused(int pendingMax) implements CommitResult {}

    /** Why a transaction conflicted. */
    enum Reason {
        /** Another transaction wrote what this one has read. */
        READ_CHANGED,
        /** The store no longer remembers all commits since the read version, so it cannot tell. */
        TOO_OLD
    }
}
