package dev.weft.rpc.rdma;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.Clock;
import dev.weft.rpc.RemoteMemory;
import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.rdma.ControlFrame.Answer;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Memory of the peer that this connection has opened: what a {@link RemoteMemory}'s key stands for is asked once, and kept
 * until the owner takes it back.
 *
 * <p>The owner frees memory only when every peer that opened it has let go. So a write that comes late cannot land in
 * memory that is in use again: before it is used again, {@code REVOKE} has been answered by {@code RELEASED}, which is sent
 * when no work request names the memory any more, or the queue pairs that could reach it are destroyed.
 */
final class Grants {
    /** Opened grants that are kept; beyond it, unused ones are let go. */
    private static final int GRANTS_MAX = 16_384;

    private final RdmaConnection connection;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final LongTable<Grant> byKey = new LongTable<>();

    @GuardedBy("lock")
    private @Nullable RpcException ended;

    Grants(RdmaConnection connection, Clock clock) {
        this.connection = connection;
        this.clock = clock;
    }

    /**
     * The grant behind {@code remote}, held for a transfer; {@link #letGo} gives it back.
     *
     * @throws RpcException REMOTE_MEMORY_REFUSED, DEADLINE_EXCEEDED, CANCELLED, CONNECTION_LOST
     */
    Grant hold(RemoteMemory remote, Access wanted, long deadlineNanos) {
        Grant grant;
        boolean ask = false;
        lock.lock();
        try {
            if (ended != null) {
                throw new RpcException(ended.code(), ended.reason());
            }
            grant = byKey.get(remote.key());
            if (grant == null) {
                makeRoom();
                grant = new Grant(remote.key());
                byKey.put(remote.key(), grant);
                ask = true;
            }
            grant.users++;
        } finally {
            lock.unlock();
        }
        try {
            if (ask) {
                connection.counters().grantsOpened.increment();
                connection.control(ControlFrame.plain(ControlFrame.OPEN, remote.key()));
            }
            if (!grant.isAnswered()) {
                await(grant, deadlineNanos);
            }
            check(grant, remote, wanted);
            return grant;
        } catch (RpcException e) {
            letGo(grant);
            throw e;
        }
    }

    /** Threads that wait for an answer look for it when they are woken by {@link #answered}. */
    private void await(Grant grant, long deadlineNanos) {
        Thread self = Thread.currentThread();
        connection.waiters().add(self);
        try {
            while (!grant.isAnswered()) {
                connection.checkWaiting(deadlineNanos);
                clock.parkUntil(grant, deadlineNanos);
            }
        } finally {
            connection.waiters().remove(self);
        }
    }

    /** Whether a transfer may use a grant that it holds. */
    static void check(Grant grant, RemoteMemory remote, Access wanted) {
        RpcException refusal = grant.refusal();
        if (refusal != null) {
            throw new RpcException(refusal.code(), refusal.reason());
        }
        if (grant.isRevoked()) {
            throw new RpcException(StatusCode.REMOTE_MEMORY_REFUSED, "memory was revoked");
        }
        if (wanted == Access.READ ? !grant.access().readable() : !grant.access().writable()) {
            throw new RpcException(
                    StatusCode.REMOTE_MEMORY_REFUSED, wanted + " of memory that is registered for " + grant.access());
        }
        long size = grant.length();
        if (remote.address() < 0 || remote.address() > size || remote.length() > size - remote.address()) {
            throw new RpcException(
                    StatusCode.REMOTE_MEMORY_REFUSED,
                    remote.length() + " bytes at " + remote.address() + " of memory of " + size + " bytes");
        }
    }

    /** A transfer has ended. */
    void letGo(Grant grant) {
        boolean release;
        lock.lock();
        try {
            grant.users--;
            release = grant.users == 0 && grant.releaseWanted;
            if (grant.users == 0 && (grant.isRevoked() || grant.refusal() != null)) {
                byKey.remove(grant.key, grant);
            }
        } finally {
            lock.unlock();
        }
        if (release) {
            connection.control(ControlFrame.released(grant.key, ControlFrame.ALL));
        }
    }

    /** Lets go of a grant that nobody uses. Any will do: a client that has so many open at a time is rare. */
    @GuardedBy("lock")
    private void makeRoom() {
        if (byKey.size() < GRANTS_MAX) {
            return;
        }
        Grant unused = byKey.any(grant -> grant.users == 0);
        if (unused == null) {
            throw new RpcException(
                    StatusCode.RESOURCE_EXHAUSTED, "transfers use " + GRANTS_MAX + " grants of the peer at a time");
        }
        byKey.remove(unused.key, unused);
        connection.control(ControlFrame.released(unused.key, unused.opens));
    }

    /** The peer's devices have changed: grants are asked for again when next used. */
    void refresh(Grant stale) {
        lock.lock();
        try {
            stale.opens++;
        } finally {
            lock.unlock();
        }
        connection.control(ControlFrame.plain(ControlFrame.OPEN, stale.key));
    }

    // --- on the poller's thread

    /** The peer's answer to OPEN. */
    void answered(long key, ByteBuffer body) throws BadFrameException {
        Answer answer = ControlFrame.readGrant(body);
        Grant grant;
        lock.lock();
        try {
            grant = byKey.get(key);
        } finally {
            lock.unlock();
        }
        if (grant == null) {
            return;
        }
        switch (answer) {
            case Answer.Given(long address, long length, Access access, MemoryKeys keys) ->
                grant.opened(address, length, access, keys);
            case Answer.Refused(int status, String reason) ->
                grant.refuse(new RpcException(StatusCode.ofWireValue(status), reason));
        }
        connection.wakeWaiters();
    }

    /** The owner wants memory back. */
    void revoke(long key) {
        boolean release;
        lock.lock();
        try {
            Grant grant = byKey.get(key);
            release = grant == null || grant.users == 0;
            if (grant != null) {
                grant.revoke();
                grant.releaseWanted = true;
                if (release) {
                    byKey.remove(key, grant);
                }
            }
        } finally {
            lock.unlock();
        }
        connection.wakeWaiters();
        if (release) {
            connection.control(ControlFrame.released(key, ControlFrame.ALL));
        }
    }

    void end(RpcException why) {
        lock.lock();
        try {
            ended = why;
            byKey.forEach(grant -> grant.refuse(why));
        } finally {
            lock.unlock();
        }
        connection.wakeWaiters();
    }
}
