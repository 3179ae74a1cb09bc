package dev.weft.rpc.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.Clock;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.ConnectionAcceptor;
import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.MessageHandler;
import dev.weft.rpc.spi.OutboundMessage;
import dev.weft.rpc.spi.Transfer;
import dev.weft.rpc.spi.TransportConnection;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One end of a connection; what it is sent waits in it, in order, until it has arrived. */
final class InMemoryConnection implements TransportConnection {
    /** Something on its way to this end. */
    private record Arrival(long atNanos, Runnable action) {}

    private final InMemoryTransport transport;
    private final String node;
    private final String peerName;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable InMemoryConnection other;
    private @Nullable MessageHandler handler;

    @GuardedBy("lock")
    private final ArrayDeque<Arrival> arriving = new ArrayDeque<>();

    @GuardedBy("lock")
    private final List<InMemoryTransfer> transfers = new ArrayList<>();

    /** A thread is delivering; it takes what comes meanwhile, too. */
    @GuardedBy("lock")
    private boolean delivering;

    @GuardedBy("lock")
    private long lastArrivalNanos;

    private volatile boolean open = true;

    InMemoryConnection(InMemoryTransport transport, String node, String peerName) {
        this.transport = transport;
        this.node = node;
        this.peerName = peerName;
        this.clock = transport.network().environment().clock();
        this.lastArrivalNanos = clock.nanoTime();
    }

    static void join(
            InMemoryConnection one,
            ConnectionAcceptor oneAcceptor,
            InMemoryConnection two,
            ConnectionAcceptor twoAcceptor) {
        one.other = two;
        two.other = one;
        one.handler = oneAcceptor.accept(one);
        two.handler = twoAcceptor.accept(two);
        one.transport.opened(one);
        two.transport.opened(two);
    }

    @Override
    public int headroom() {
        return 0;
    }

    @Override
    public void send(OutboundMessage message, boolean others, long deadlineNanos) {
        requireOpen();
        InMemoryConnection target = other();
        long bytes = message.body().size();
        int max = target.transport.config().maxMessageBytes();
        if (bytes > max) {
            throw new RpcException(
                    StatusCode.INVALID_ARGUMENT, "message of " + bytes + " bytes exceeds the peer's limit of " + max);
        }
        MemorySegment body = MemorySegment.ofArray(message.body().toByteArray());
        message.taken();
        target.arrive(() -> target.handle(new InboundMessage(message.kind(), message.id(), body, false)));
    }

    private void handle(InboundMessage message) {
        MessageHandler known = handler;
        if (known != null && open) {
            known.onMessages(message);
        }
    }

    @Override
    public void transfer(List<Transfer> list, long deadlineNanos) {
        requireOpen();
        InMemoryConnection target = other();
        List<InMemoryTransfer> begun = new ArrayList<>();
        Thread waiter = Thread.currentThread();
        for (Transfer transfer : list) {
            begun.add(new InMemoryTransfer(transfer, waiter));
        }
        lock.lock();
        try {
            transfers.addAll(begun);
        } finally {
            lock.unlock();
        }
        try {
            for (InMemoryTransfer one : begun) {
                target.arrive(() -> {
                    one.serve(target.transport.memory());
                    arrive(one::finish);
                });
            }
            for (InMemoryTransfer one : begun) {
                one.await(transport.clock(), deadlineNanos);
            }
        } finally {
            begun.forEach(InMemoryTransfer::letGo);
            lock.lock();
            try {
                transfers.removeAll(begun);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Something has been sent to this end. */
    private void arrive(Runnable action) {
        long at = transport.network().arrivalNanos(other().node, node);
        if (at < 0) {
            close("a message was lost");
            return;
        }
        lock.lock();
        try {
            lastArrivalNanos = Math.max(lastArrivalNanos, at);
            at = lastArrivalNanos;
            arriving.add(new Arrival(at, action));
        } finally {
            lock.unlock();
        }
        if (at - clock.nanoTime() > 0) {
            clock.schedule(at, this::flush);
        } else {
            flush();
        }
        if (isBlocked()) {
            watchBlockage();
        }
    }

    /** Breaks the connection if it still cannot deliver after the keep-alive time. */
    private void watchBlockage() {
        long patience = transport.config().keepAlive().toNanos()
                + transport.config().keepAliveTimeout().toNanos();
        clock.schedule(clock.nanoTime() + patience, () -> {
            if (isBlocked() && open) {
                close("the peer is silent");
            }
        });
    }

    private boolean isBlocked() {
        return transport.network().isBlocked(other().node, node);
    }

    /** Delivers what has arrived, one after the other, unless another thread does. */
    void flush() {
        Arrival next = nextArrival(true);
        while (next != null) {
            next.action().run();
            next = nextArrival(false);
        }
    }

    private @Nullable Arrival nextArrival(boolean begin) {
        boolean blocked = isBlocked();
        lock.lock();
        try {
            if (begin && delivering) {
                return null;
            }
            Arrival next = arriving.peek();
            boolean due = next != null && open && !blocked && next.atNanos() - clock.nanoTime() <= 0;
            delivering = due;
            return due ? arriving.poll() : null;
        } finally {
            lock.unlock();
        }
    }

    boolean touches(String name) {
        return node.equals(name) || other().node.equals(name);
    }

    private InMemoryConnection other() {
        InMemoryConnection joined = other;
        if (joined == null) {
            throw new IllegalStateException("not joined");
        }
        return joined;
    }

    private void requireOpen() {
        if (!open) {
            throw new RpcException(StatusCode.UNAVAILABLE, "connection to " + peerName + " is closed");
        }
    }

    @Override
    public String peer() {
        return peerName;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close(String reason) {
        if (end(reason)) {
            other().end("the peer closed the connection");
        }
    }

    private boolean end(String reason) {
        List<InMemoryTransfer> failed;
        lock.lock();
        try {
            if (!open) {
                return false;
            }
            open = false;
            arriving.clear();
            failed = List.copyOf(transfers);
        } finally {
            lock.unlock();
        }
        transport.ended(this);
        failed.forEach(one -> one.fail(new RpcException(StatusCode.CONNECTION_LOST, reason)));
        MessageHandler known = handler;
        if (known != null) {
            known.onClosed(reason);
        }
        return true;
    }
}
