package dev.weft.kv;

import dev.weft.kv.engine.Commit;
import dev.weft.kv.engine.CommitQueue;
import dev.weft.kv.engine.CommitQueue.Pending;
import dev.weft.kv.engine.ConflictWindow;
import dev.weft.kv.engine.RocksDbFiles;
import dev.weft.kv.engine.Versionstamp;
import dev.weft.kv.engine.WriteSet;
import dev.weft.rpc.Clock;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Decides on commits in the order they come and writes as many as wait with one synced write.
 *
 * <p>One platform thread does it all, since the write blocks its thread in native code. While one group is being written the
 * next one gathers.
 */
final class GroupCommitter implements Commit.Committer, AutoCloseable {
    /** Bounds the delay that a large group is for its first member. */
    private static final int GROUP_BYTES_MAX = 16 << 20;

    /** A member of a group with the version it gets if the group can be written. */
    private record Accepted(Pending pending, long version, Bytes versionstamp) {}

    private static final System.Logger LOG = System.getLogger(GroupCommitter.class.getName());

    private final RocksDbFiles files;
    private final Clock clock;
    private final CommitQueue queue;

    /** Used by the queue's thread only, as is {@code version}. */
    private final ConflictWindow window;

    private long version;

    GroupCommitter(RocksDbFiles files, StoreLimits limits, Clock clock) {
        this.files = files;
        this.clock = clock;
        this.version = files.newestVersion();
        this.window = new ConflictWindow(version, limits.windowBytesMax(), limits.windowAge());
        this.queue = new CommitQueue("weft-kv-commit", limits, GROUP_BYTES_MAX, this::commitGroup);
    }

    void start() {
        queue.start();
    }

    @Override
    public CommitResult commit(Commit commit) throws InterruptedException {
        return queue.commit(commit);
    }

    /** Finishes what is queued, then ends the thread. */
    @Override
    public void close() {
        queue.close();
    }

    private void commitGroup(List<Pending> group) {
        Exception earlier = queue.failure();
        if (earlier != null) {
            group.forEach(pending -> pending.finish(new CommitResult.MaybeCommitted(earlier)));
            return;
        }
        List<Accepted> accepted = new ArrayList<>(group.size());
        try (WriteBatch batch = new WriteBatch()) {
            for (Pending pending : group) {
                switch (window.check(
                        pending.commit().readVersion(), pending.commit().reads())) {
                    case FREE -> accepted.add(accept(pending, batch));
                    case READ_CHANGED -> pending.finish(new CommitResult.Conflicted(CommitResult.Reason.READ_CHANGED));
                    case TOO_OLD -> pending.finish(new CommitResult.Conflicted(CommitResult.Reason.TOO_OLD));
                }
            }
            if (!accepted.isEmpty()) {
                files.write(batch, version);
                accepted.forEach(member ->
                        member.pending().finish(new CommitResult.Committed(member.version(), member.versionstamp())));
            }
        } catch (RocksDBException | RuntimeException e) {
            // RocksDB takes no more writes after a failed one either, and a bug here must not lose commits quietly.
            queue.fail(e);
            LOG.log(System.Logger.Level.ERROR, "key-value store cannot write; no commit will succeed any more", e);
            group.stream()
                    .filter(pending -> !pending.isFinished())
                    .forEach(pending -> pending.finish(new CommitResult.MaybeCommitted(e)));
        }
    }

    private Accepted accept(Pending pending, WriteBatch batch) {
        version++;
        Bytes stamp = Versionstamp.of(version);
        WriteSet writes = pending.commit().writes();
        writes.writeTo(stamp, files.sink(batch));
        window.record(version, writes, stamp, clock.nanoTime());
        return new Accepted(pending, version, stamp);
    }
}
