package dev.weft.kv.ratis;

import dev.weft.kv.Bytes;
import dev.weft.kv.engine.RocksDbFiles;
import dev.weft.kv.engine.RocksDbSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * What the log makes: the database of one peer. Ratis hands it the entries that are decided, one after the other on a platform
 * thread of its own, and has it write and take over snapshots there.
 *
 * <p>The database keeps which entry it has seen last, in one batch with what the entry changes, so that an entry that comes
 * again after a crash changes nothing. Its writes are not synced: the log is, and keeps all entries since the last snapshot.
 */
final class ReplicatedState extends BaseStateMachine {
    /** The answer to an entry that has taken effect; any other is {@link #FENCED}. */
    static final Message APPLIED = Message.valueOf("applied");

    /** The answer to an entry that changed nothing, as another leader's came before it. */
    static final Message FENCED = Message.valueOf("fenced");

    private static final System.Logger LOG = System.getLogger(ReplicatedState.class.getName());
    private static final Bytes APPLIED_KEY = Bytes.ofUtf8("applied");

    private final Path root;

    /** Written by Ratis's thread, all but {@code files} and {@code closed} under no lock. */
    private @Nullable StateFolders folders;

    private volatile @Nullable SnapshotInfo latest;

    /** Index of the last log entry in the database. */
    private long seen = -1;

    /** Held while the database is exchanged or closed; its read side to take a snapshot of it. */
    private final ReentrantReadWriteLock exchange = new ReentrantReadWriteLock();

    private @Nullable RocksDbFiles files;

    ReplicatedState(Path root) {
        this.root = root;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage) throws IOException {
        super.initialize(server, group, storage);
        getLifeCycle()
                .startAndTransition(
                        () -> {
                            folders = new StateFolders(
                                    root,
                                    storage.getStorageDir().getStateMachineDir().toPath());
                            open();
                        },
                        IOException.class);
    }

    @Override
    public void pause() {
        if (getLifeCycleState() == LifeCycle.State.RUNNING) {
            getLifeCycle().transition(LifeCycle.State.PAUSING);
            getLifeCycle().transition(LifeCycle.State.PAUSED);
        }
    }

    /** After a leader's snapshot has come. */
    @Override
    public void reinitialize() throws IOException {
        open();
        if (getLifeCycleState() == LifeCycle.State.PAUSED) {
            getLifeCycle().transition(LifeCycle.State.STARTING);
            getLifeCycle().transition(LifeCycle.State.RUNNING);
        }
    }

    /** Opens what is newer: the database in use or the newest snapshot. */
    private void open() throws IOException {
        exchange.writeLock().lock();
        try {
            StateFolders.Stored snapshot = folders().newestSnapshot().orElse(null);
            RocksDbFiles opened = files;
            if (opened == null) {
                opened = folders().openLive();
            }
            files = opened;
            seen = seenBy(opened);
            if (snapshot != null && snapshot.at().getIndex() > seen) {
                opened.close();
                files = null;
                RocksDbFiles replaced = folders().replaceLive(snapshot);
                files = replaced;
                seen = Math.max(seenBy(replaced), snapshot.at().getIndex());
            }
            latest = snapshot == null ? null : info(snapshot);
            setLastAppliedTermIndex(snapshot == null ? TermIndex.INITIAL_VALUE : snapshot.at());
        } finally {
            exchange.writeLock().unlock();
        }
    }

    private StateFolders folders() {
        StateFolders present = folders;
        if (present == null) {
            throw new IllegalStateException("the peer has not started");
        }
        return present;
    }

    private RocksDbFiles files() {
        RocksDbFiles present = files;
        if (present == null) {
            throw new IllegalStateException("the store is closed");
        }
        return present;
    }

    private static long seenBy(RocksDbFiles files) throws IOException {
        try {
            Bytes index = files.state(APPLIED_KEY);
            return index == null ? -1 : index.longAt(0);
        } catch (RocksDBException e) {
            throw new IOException("cannot read the database of a peer", e);
        }
    }

    private static SnapshotInfo info(StateFolders.Stored snapshot) throws IOException {
        List<FileInfo> infos = new ArrayList<>();
        for (Path file : StateFolders.files(snapshot.folder())) {
            // Sums are made when they are sent.
            infos.add(new FileInfo(file, null));
        }
        return new FileListSnapshotInfo(infos, snapshot.at());
    }

    /** The newest version here, held for the caller. */
    RocksDbSnapshot retainNewest() {
        exchange.readLock().lock();
        try {
            return files().retainNewest();
        } finally {
            exchange.readLock().unlock();
        }
    }

    long version() {
        exchange.readLock().lock();
        try {
            return files().newestVersion();
        } finally {
            exchange.readLock().unlock();
        }
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext context) {
        LogEntryProto entry = context.getLogEntry();
        Message answer;
        try {
            answer = entry.getIndex() <= seen ? APPLIED : apply(entry);
        } catch (RocksDBException | RuntimeException e) {
            // This peer must not go on: what it has would differ from what the others have.
            LOG.log(System.Logger.Level.ERROR, "cannot apply log entry " + entry.getIndex() + "; this peer stops", e);
            throw new IllegalStateException("cannot apply log entry " + entry.getIndex(), e);
        }
        updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
        return CompletableFuture.completedFuture(answer);
    }

    private Message apply(LogEntryProto entry) throws RocksDBException {
        ByteBuffer data = entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer();
        CommitGroup group = CommitGroup.parse(data);
        RocksDbFiles database = files();
        if (!group.counts(entry.getTerm(), database.newestVersion())) {
            return FENCED;
        }
        try (WriteBatch batch = new WriteBatch()) {
            group.applyTo(database.sink(batch));
            database.putState(batch, APPLIED_KEY, Bytes.ofLong(entry.getIndex()));
            database.write(batch, group.last());
        }
        seen = entry.getIndex();
        return APPLIED;
    }

    @Override
    public long takeSnapshot() throws IOException {
        TermIndex at = getLastAppliedTermIndex();
        RocksDbFiles database = files();
        try (WriteBatch batch = new WriteBatch()) {
            database.putState(batch, APPLIED_KEY, Bytes.ofLong(Math.max(seen, at.getIndex())));
            database.write(batch, database.newestVersion());
        } catch (RocksDBException e) {
            throw new IOException("cannot write before a snapshot", e);
        }
        latest = info(folders().write(database, at));
        return at.getIndex();
    }

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        return latest;
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return new StateMachineStorage() {
            @Override
            public void init(RaftStorage storage) {}

            @Override
            public @Nullable SnapshotInfo getLatestSnapshot() {
                return latest;
            }

            @Override
            public void format() {}

            @Override
            public void cleanupOldSnapshots(SnapshotRetentionPolicy policy) throws IOException {
                folders().removeOldSnapshots();
            }
        };
    }

    @Override
    public void close() {
        exchange.writeLock().lock();
        try {
            RocksDbFiles last = files;
            if (last != null) {
                files = null;
                last.close();
            }
        } finally {
            exchange.writeLock().unlock();
        }
    }

    /** Bytes for an entry, without copying. */
    static ByteString bytes(ByteBuffer entry) {
        return UnsafeByteOperations.unsafeWrap(entry);
    }
}
