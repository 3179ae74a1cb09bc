package dev.weft.rpc.rdma;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.Buffer;
import dev.weft.rpc.Clock;
import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.rdma.TransferOp.Staged;
import dev.weft.rpc.spi.DeadlineWatch;
import dev.weft.rpc.spi.Transfer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One-sided transfers of one connection: cuts them into pieces, posts those in chains over the rails, waits once for all,
 * and posts again what a failed queue pair did not do.
 */
final class Transfers {
    private static final int OPS_MAX = 4096;

    /** How long a device may take to finish what is past its deadline, before its queue pair is ended. */
    private static final long GRACE_NANOS = 10_000_000;

    private final RdmaConnection connection;
    private final Clock clock;
    private final RdmaConfig config;
    private final DeadlineWatch deadlines;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<TransferOp> all = new ArrayList<>();

    @GuardedBy("lock")
    private final ArrayDeque<TransferOp> idle = new ArrayDeque<>();

    /** Threads that wait for room on a rail, first come first served. */
    @GuardedBy("lock")
    private final ArrayDeque<Thread> waitingForRoom = new ArrayDeque<>();

    Transfers(RdmaConnection connection, Clock clock, RdmaConfig config) {
        this.connection = connection;
        this.clock = clock;
        this.config = config;
        this.deadlines = new DeadlineWatch(clock, this::expire);
    }

    /** See {@link dev.weft.rpc.spi.TransportConnection#transfer}. */
    void execute(List<Transfer> transfers, long deadlineNanos) {
        TransferOp op = take();
        op.begin(Thread.currentThread(), deadlineNanos);
        deadlines.add(deadlineNanos);
        try {
            long reads = 0;
            long writes = 0;
            for (int i = 0; i < transfers.size(); i++) {
                Transfer transfer = transfers.get(i);
                if (transfer instanceof Transfer.Read) {
                    reads += transfer.local().byteSize();
                } else {
                    writes += transfer.local().byteSize();
                }
                plan(op, transfer);
            }
            Permits.Granted permits = connection.permits().acquire(reads, writes, deadlineNanos);
            try {
                run(op);
            } finally {
                permits.giveBack();
            }
            copyBack(op);
        } finally {
            giveBack(op);
        }
    }

    /** Reads memory of the peer that it offered itself, not by a grant. */
    void read(long remoteAddress, MemoryKeys keys, MemorySegment local, long deadlineNanos) {
        Grant offered = new Grant(remoteAddress, local.byteSize(), keys);
        TransferOp op = take();
        op.begin(Thread.currentThread(), deadlineNanos);
        deadlines.add(deadlineNanos);
        try {
            cut(op, local, 0, true, offered, config.stripeBytes());
            run(op);
        } finally {
            giveBack(op);
        }
    }

    private TransferOp take() {
        lock.lock();
        try {
            TransferOp op = idle.poll();
            if (op == null) {
                if (all.size() >= OPS_MAX) {
                    throw new RpcException(
                            StatusCode.RESOURCE_EXHAUSTED,
                            OPS_MAX + " transfers are under way to " + connection.peer());
                }
                op = new TransferOp();
                all.add(op);
            }
            return op;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(TransferOp op) {
        List<Grant> held = op.held();
        for (int i = 0; i < held.size(); i++) {
            connection.grants().letGo(held.get(i));
        }
        List<Staged> staged = op.staged();
        for (int i = 0; i < staged.size(); i++) {
            staged.get(i).buffer().close();
        }
        op.finish();
        lock.lock();
        try {
            idle.push(op);
        } finally {
            lock.unlock();
        }
    }

    // --- planning

    private void plan(TransferOp op, Transfer transfer) {
        boolean read = transfer instanceof Transfer.Read;
        Access wanted = read ? Access.READ : Access.WRITE;
        Grant grant = op.lastHeld(transfer.remote().key());
        if (grant == null) {
            grant = connection.grants().hold(transfer.remote(), wanted, op.deadlineNanos());
            op.held().add(grant);
        } else {
            Grants.check(grant, transfer.remote(), wanted);
        }
        MemorySegment local = transfer.local();
        if (local.byteSize() == 0) {
            return;
        }
        if (!local.isNative() || !connection.isRegistered(local)) {
            local = stage(op, local, read);
        }
        cut(op, local, transfer.remote().address(), read, grant, config.stripeBytes());
    }

    /** Adds a transfer as pieces of {@code pieceBytes}, the last one shorter. */
    static void cut(TransferOp op, MemorySegment local, long offset, boolean read, Grant grant, int pieceBytes) {
        long left = local.byteSize();
        long at = 0;
        while (left > 0) {
            int length = (int) Math.min(left, pieceBytes);
            op.add(local.address() + at, length, offset + at, read, grant);
            at += length;
            left -= length;
        }
    }

    /** Registered memory in the place of memory that is not. */
    private MemorySegment stage(TransferOp op, MemorySegment local, boolean read) {
        connection.counters().stagedBytes.add(local.byteSize());
        Buffer buffer = connection.bounce().acquire(Math.toIntExact(local.byteSize()), op.deadlineNanos());
        op.staged().add(new Staged(buffer, local, read));
        if (!read) {
            buffer.segment().copyFrom(local);
        }
        return buffer.segment();
    }

    private static void copyBack(TransferOp op) {
        List<Staged> staged = op.staged();
        for (int i = 0; i < staged.size(); i++) {
            Staged one = staged.get(i);
            if (one.copyBack()) {
                one.target().copyFrom(one.buffer().segment());
            }
        }
    }

    // --- doing

    private void run(TransferOp op) {
        try {
            while (!op.isDone()) {
                post(op);
                await(op);
                RpcException failure = op.failure();
                if (failure != null) {
                    throw new RpcException(failure.code(), connection.peer() + ": " + failure.reason(), failure);
                }
                if (!op.isDone()) {
                    connection.counters().replays.increment();
                }
            }
        } catch (RpcException e) {
            takeBack(op);
            throw e;
        }
    }

    /** Posts everything that is to be done; waits for room as needed. */
    private void post(TransferOp op) {
        int from = op.nextToDo(0);
        while (from < op.count()) {
            int to = op.nextNotToDo(from);
            if (op.grant(from).isRevoked()) {
                throw new RpcException(StatusCode.REMOTE_MEMORY_REFUSED, "memory was revoked");
            }
            int share = connection.rails().share(to - from);
            int posted = 0;
            Rail rail = connection.rails().leastLoaded(op.grant(from));
            if (rail != null && mayPost()) {
                posted = rail.post(op, from, Math.min(to, from + share));
            }
            if (posted == 0) {
                awaitRoom(op);
            }
            from = op.nextToDo(from);
        }
        leaveQueue();
    }

    /** Whether it is this thread's turn. */
    private boolean mayPost() {
        lock.lock();
        try {
            Thread first = waitingForRoom.peek();
            return first == null || first == Thread.currentThread();
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom(TransferOp op) {
        Thread self = Thread.currentThread();
        lock.lock();
        try {
            if (!waitingForRoom.contains(self)) {
                waitingForRoom.add(self);
                return; // Room may have come before we were in the queue.
            }
        } finally {
            lock.unlock();
        }
        try {
            connection.checkWaiting(op.deadlineNanos());
            connection.refreshGrant(op.grant(op.nextToDo(0)));
            LockSupport.park(this);
        } catch (RpcException e) {
            leaveQueue();
            throw e;
        }
    }

    private void leaveQueue() {
        Thread self = Thread.currentThread();
        lock.lock();
        try {
            if (waitingForRoom.isEmpty() || !waitingForRoom.remove(self)) {
                return;
            }
        } finally {
            lock.unlock();
        }
        roomFreed();
    }

    /** There may be room on a rail: the first that waits looks. From any thread. */
    void roomFreed() {
        Thread first;
        lock.lock();
        try {
            first = waitingForRoom.peek();
        } finally {
            lock.unlock();
        }
        if (first != null) {
            LockSupport.unpark(first);
        }
    }

    /** Waits until no device has any of it. */
    private void await(TransferOp op) {
        while (op.hasPosted()) {
            connection.checkWaiting(op.deadlineNanos());
            LockSupport.park(this);
        }
    }

    /** The caller gives up: waits until its memory is not touched any more, by force if need be. */
    private void takeBack(TransferOp op) {
        boolean interrupted = Thread.interrupted();
        long graceEnds = clock.nanoTime() + GRACE_NANOS;
        boolean forced = false;
        while (op.hasPosted()) {
            if (clock.nanoTime() - graceEnds >= 0 && !forced) {
                forced = true;
                for (QueuePair queuePair : op.postedTo()) {
                    queuePair.rail().fail(queuePair, "a transfer is past its deadline");
                }
            }
            clock.parkUntil(this, clock.nanoTime() + GRACE_NANOS);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private long expire(long now) {
        long never = DeadlineWatch.never(now);
        long earliest = never;
        lock.lock();
        try {
            for (TransferOp op : all) {
                long deadline = op.expire(now, never);
                if (deadline - earliest < 0) {
                    earliest = deadline;
                }
            }
        } finally {
            lock.unlock();
        }
        return earliest;
    }

    /** Something changed that waiting threads should look at: a rail came or went, the connection ended. */
    void wakeAll() {
        lock.lock();
        try {
            all.forEach(TransferOp::wake);
        } finally {
            lock.unlock();
        }
    }

    void end() {
        deadlines.close();
        wakeAll();
    }

    /** For tests of the steady state. */
    @Nullable
    TransferOp anyIdle() {
        lock.lock();
        try {
            return idle.peek();
        } finally {
            lock.unlock();
        }
    }
}
