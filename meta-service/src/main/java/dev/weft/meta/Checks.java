package dev.weft.meta;

import dev.weft.api.meta.CheckStartRequest;
import dev.weft.api.meta.CheckStatus;
import dev.weft.api.meta.CheckStatusRequest;
import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.MetaCheck;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.kv.KeyValueStore;
import dev.weft.meta.check.Check;
import dev.weft.meta.operations.InodeIds;
import dev.weft.rpc.Environment;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Runs checks, one at a time, and tells how far they are. Thread-safe. */
final class Checks implements MetaCheck, AutoCloseable {
    private final Environment environment;
    private final KeyValueStore store;
    private final ChunkStore chunks;
    private final InodeIds ids;
    private final ReentrantLock lock = new ReentrantLock();

    /** The last one that was begun. Guarded by the lock. */
    private @Nullable RunningCheck last;

    Checks(Environment environment, KeyValueStore store, ChunkStore chunks, InodeIds ids) {
        this.environment = environment;
        this.store = store;
        this.chunks = chunks;
        this.ids = ids;
    }

    @Override
    public CheckStatus start(CheckStartRequest request) throws MetaException {
        requireRoot(request.caller());
        lock.lock();
        try {
            RunningCheck known = last;
            if (known == null || !known.id().equals(request.check())) {
                if (known != null && !known.isOver()) {
                    throw new MetaException(new MetaFault(Kind.BUSY, "check " + known.id() + " is running"));
                }
                known = new RunningCheck(request.check(), environment);
                last = known;
                RunningCheck begun = known;
                known.start(new Check(environment, store, chunks, ids, request.repair(), begun));
            }
            return known.status(0);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CheckStatus status(CheckStatusRequest request) throws MetaException {
        requireRoot(request.caller());
        lock.lock();
        try {
            RunningCheck known = last;
            if (known == null || !known.id().equals(request.check())) {
                throw new MetaException(new MetaFault(Kind.NOT_FOUND, "check " + request.check()));
            }
            return known.status(request.from());
        } finally {
            lock.unlock();
        }
    }

    private static void requireRoot(Credentials caller) throws MetaException {
        if (!caller.isRoot()) {
            throw new MetaException(new MetaFault(Kind.NOT_PERMITTED, "a check is for root"));
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (last != null) {
                last.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
