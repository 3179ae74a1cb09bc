package dev.weft.kv;

import java.util.List;

/** What an engine needs to decide on a transaction and to write it. Not changed any more. */
record Commit(long readVersion, List<KeyRange> reads, WriteSet writes, int bytes) {
    /** How an engine commits. */
    @FunctionalInterface
    interface Committer {
        CommitResult commit(Commit commit) throws InterruptedException;
    }
}
