package dev.weft.meta;

import dev.weft.api.cluster.NotPrimaryException;
import dev.weft.api.meta.MetaException;
import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.Transaction;
import dev.weft.meta.operations.Settlement;
import dev.weft.meta.operations.Workplace;
import dev.weft.meta.schema.Keys;
import dev.weft.meta.schema.Records;
import dev.weft.meta.schema.StoredSession;
import dev.weft.meta.schema.StoredSessionCodec;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.TaskScope;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/**
 * Ends the write sessions of clients that the cluster manager has no session of any more: their files get the length of what
 * was written, and go if they were removed. The servers divide the files among themselves ({@link Division}).
 *
 * <p>A client counts as gone if it was missed twice, and its session is not young: it may not have reached the manager yet,
 * or the manager may be a new one that hears of its clients again. A client that was taken for gone, and is not, is told
 * so when it closes the file.
 */
final class DeadClients implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DeadClients.class.getName());
    private static final int PAGE = 1000;

    /** Sessions ended at a time. */
    private static final int AT_ONCE = 16;

    private final Workplace workplace;
    private final KeyValueStore store;
    private final MetaConfig config;
    private final Membership membership;
    private final Division division;
    private final Counters counters;
    private final Background background;

    /** Those that had sessions here and none at the manager when we looked last. Used by one thread at a time. */
    private Set<UUID> missed = Set.of();

    DeadClients(Workplace workplace, Membership membership, Division division, Counters counters) {
        this.workplace = workplace;
        this.store = workplace.store();
        this.config = workplace.config();
        this.membership = membership;
        this.division = division;
        this.counters = counters;
        this.background = new Background("ending sessions of clients that are gone", workplace.environment(), () -> {
            endOnce();
            return config.sessionInterval();
        });
    }

    void start() {
        if (membership.clients().isPresent()) {
            background.start();
        }
    }

    @Override
    public void close() {
        background.close();
    }

    /** Looks through all sessions once. */
    void endOnce() throws InterruptedException {
        Set<UUID> live;
        try {
            live = membership.clients().orElseThrow().clients();
        } catch (NotPrimaryException | RpcException e) {
            LOG.log(Level.DEBUG, "which clients there are is not known now", e);
            return;
        }
        Set<UUID> missing = new HashSet<>();
        Semaphore places = new Semaphore(AT_ONCE);
        try (TaskScope scope = TaskScope.open(workplace.environment(), TaskScope.Policy.AWAIT_ALL)) {
            KeyRange rest = KeyRange.prefix(Keys.SESSIONS);
            while (!rest.isEmpty()) {
                List<KeyValue> page = page(rest);
                for (KeyValue found : page) {
                    if (division.isMine(Keys.inodeOf(found.key())) && isOver(found, live, missing)) {
                        places.acquire();
                        scope.fork(() -> end(found.key(), places));
                    }
                }
                rest = page.size() < PAGE
                        ? new KeyRange(rest.end(), rest.end())
                        : rest.after(page.getLast().key());
            }
            scope.join();
        }
        missed = missing;
    }

    private List<KeyValue> page(KeyRange range) {
        try (Transaction tx = store.begin()) {
            return tx.snapshotRange(range, PAGE);
        }
    }

    private boolean isOver(KeyValue found, Set<UUID> live, Set<UUID> missing) {
        StoredSession session = Records.decode(StoredSessionCodec.CODEC, found.value());
        if (!session.isOpen()) {
            return isForgotten(session);
        }
        if (live.contains(session.client())) {
            return false;
        }
        missing.add(session.client());
        return missed.contains(session.client())
                && session.opened()
                        .plus(config.sessionGrace())
                        .isBefore(workplace.environment().clock().instant());
    }

    private boolean end(Bytes key, Semaphore places) throws InterruptedException {
        long inodeId = Keys.inodeOf(key);
        try {
            if (forget(key)) {
                return true;
            }
            new Settlement(workplace).end(inodeId, Keys.sessionId(key));
            counters.sessionsEnded.increment();
            return true;
        } catch (MetaException | RpcException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException("interrupted while ending a session of inode " + inodeId);
            }
            LOG.log(Level.DEBUG, "cannot end a session of inode " + inodeId + " yet", e);
            return false;
        } finally {
            places.release();
        }
    }

    private boolean isForgotten(StoredSession session) {
        return session.ended().isPresent()
                && session.ended()
                        .get()
                        .plus(config.endedSessionAge())
                        .isBefore(workplace.environment().clock().instant());
    }

    /** Removes a session that was ended long ago, or is one of nothing; whether it was one of these. */
    private boolean forget(Bytes key) throws InterruptedException {
        return store.run(tx -> {
            Optional<StoredSession> session = tx.get(key).map(value -> Records.decode(StoredSessionCodec.CODEC, value));
            boolean over = session.isEmpty()
                    || isForgotten(session.get())
                    || tx.get(Keys.inode(Keys.inodeOf(key))).isEmpty();
            if (over) {
                tx.remove(key);
            }
            return over;
        });
    }
}
