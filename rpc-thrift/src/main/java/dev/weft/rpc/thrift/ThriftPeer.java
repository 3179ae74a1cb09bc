package dev.weft.rpc.thrift;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.Address;
import dev.weft.rpc.Caller;
import dev.weft.rpc.Clock;
import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.Method;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.thrift.protocol.TMessageType;
import org.jspecify.annotations.Nullable;

/**
 * A Thrift server that is not Weft's, over TCP, for {@link ThriftClient}: framed, with a connection for each call in progress,
 * since such a server serves one at a time on each; those that are idle are used again.
 *
 * <p>A call has the deadline of its {@link Context}, or the timeout, if that is earlier, and ends when its thread is
 * interrupted; the thread should be virtual. A call that failed after it was sent may have been done. Thread-safe.
 */
public final class ThriftPeer implements Caller, AutoCloseable {
    private final Address address;
    private final ThriftConfig config;
    private final int maxConnections;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final ArrayDeque<FramedSocket> idle = new ArrayDeque<>();

    @GuardedBy("lock")
    private int inUse;

    @GuardedBy("lock")
    private boolean closed;

    /**
     * A server, to which nothing is connected yet.
     *
     * @param address such as {@code tcp://host:port}
     * @param config limits of answers; its timeout is that of calls
     * @param maxConnections more calls at a time are refused as RESOURCE_EXHAUSTED
     */
    public ThriftPeer(String address, ThriftConfig config, int maxConnections, Environment environment) {
        this.address = Address.parse(address);
        if (!this.address.scheme().equals("tcp")) {
            throw new IllegalArgumentException("a Thrift server's address begins with tcp://, not as " + address);
        }
        if (maxConnections < 1) {
            throw new IllegalArgumentException("max-connections of " + maxConnections + " is not positive");
        }
        this.config = config;
        this.maxConnections = maxConnections;
        this.clock = environment.clock();
    }

    /** A server with the default limits, and 64 connections at the most. */
    public static ThriftPeer of(String address) {
        return new ThriftPeer(address, ThriftConfig.defaults(), 64, Environment.system());
    }

    @Override
    public <Q, R> R call(Method<?, Q, R> method, Q request) {
        if (!(request instanceof ThriftMessage message)) {
            throw new RpcException(StatusCode.UNIMPLEMENTED, method + " is no Thrift method, as " + address + " has");
        }
        long deadlineNanos = Context.current()
                .earlierDeadline(clock.nanoTime() + config.callTimeout().toNanos());
        @SuppressWarnings("unchecked") // the methods of Thrift messages have such results
        R answer = (R) exchange(method, message, deadlineNanos);
        return answer;
    }

    private ThriftMessage exchange(Method<?, ?, ?> method, ThriftMessage request, long deadlineNanos) {
        FramedSocket socket = take(method, deadlineNanos);
        boolean reusable = false;
        try {
            socket.send(request.bytes());
            ThriftMessage answer = MessageHead.read(request.bytes()).type() == TMessageType.ONEWAY
                    ? ThriftMessage.NONE
                    : new ThriftMessage(socket.receive(config.maxFrameBytes(), deadlineNanos));
            reusable = true;
            return answer;
        } catch (IOException e) {
            throw failure(method, e, deadlineNanos, StatusCode.CONNECTION_LOST);
        } finally {
            giveBack(socket, reusable);
        }
    }

    private RpcException failure(Method<?, ?, ?> method, IOException e, long deadlineNanos, StatusCode otherwise) {
        StatusCode code = Thread.currentThread().isInterrupted()
                ? StatusCode.CANCELLED
                : clock.nanoTime() - deadlineNanos >= 0 ? StatusCode.DEADLINE_EXCEEDED : otherwise;
        return new RpcException(code, method + " at " + address + ": " + e.getMessage(), e);
    }

    private FramedSocket take(Method<?, ?, ?> method, long deadlineNanos) {
        FramedSocket free = reserve(method);
        if (free != null) {
            return free;
        }
        try {
            return new FramedSocket(address, clock, deadlineNanos);
        } catch (IOException e) {
            release(null);
            throw failure(method, e, deadlineNanos, StatusCode.UNAVAILABLE);
        }
    }

    /** Counts a call in; one of the idle connections that still stand, or null if there is none. */
    private @Nullable FramedSocket reserve(Method<?, ?, ?> method) {
        lock.lock();
        try {
            if (closed) {
                throw new RpcException(
                        StatusCode.UNAVAILABLE, method + ": the connections to " + address + " are closed");
            }
            if (inUse == maxConnections) {
                throw new RpcException(
                        StatusCode.RESOURCE_EXHAUSTED, "limit of " + maxConnections + " connections to " + address);
            }
            inUse++;
            FramedSocket last = idle.pollLast();
            while (last != null && last.hasEnded()) {
                last.close();
                last = idle.pollLast();
            }
            return last;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(FramedSocket socket, boolean reusable) {
        if (!reusable) {
            socket.close();
        }
        release(reusable ? socket : null);
    }

    private void release(@Nullable FramedSocket reusable) {
        lock.lock();
        try {
            inUse--;
            if (reusable != null && closed) {
                reusable.close();
            } else if (reusable != null) {
                idle.addLast(reusable);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Closes the idle connections, and those in use when their calls have ended. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            idle.forEach(FramedSocket::close);
            idle.clear();
        } finally {
            lock.unlock();
        }
    }
}
