package dev.weft.kv.engine;

import dev.weft.kv.CommitResult;
import dev.weft.kv.KeyRange;
import java.util.List;

/** What an engine needs to decide on a transaction and to write it. Not changed any more. */
public record Commit(long readVersion, List<KeyRange> reads, WriteSet writes, int bytes) {
    /** How an engine commits. */
    @FunctionalInterface
    public interface Committer {
        CommitResult commit(Commit commit) throws InterruptedException;
    }
}
