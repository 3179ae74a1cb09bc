package dev.weft.rpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.Clock.Timer;
import dev.weft.rpc.spi.CallRecorder;
import dev.weft.rpc.spi.Transport;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One place in a pool: a connection that is made when first needed and again when it broke.
 *
 * <p>A thread of its own connects, so that callers with different deadlines can wait for the same attempt.
 */
final class PooledConnection {
    private final AddressBook addresses;
    private final ClientConfig config;
    private final Environment environment;
    private final Transports transports;
    private final CallRecorder recorder;
    private final ReentrantLock lock = new ReentrantLock();

    /** Replaced under the lock. */
    private volatile @Nullable CallConnection current;

    @GuardedBy("lock")
    private @Nullable ConnectAttempt attempt;

    /** Of the current connection; replaced with it. */
    private volatile @Nullable Timer idleTimer;

    private volatile boolean closed;

    PooledConnection(
            AddressBook addresses,
            ClientConfig config,
            Environment environment,
            Transports transports,
            CallRecorder recorder) {
        this.addresses = addresses;
        this.config = config;
        this.environment = environment;
        this.transports = transports;
        this.recorder = recorder;
    }

    /**
     * The connection, made if need be.
     *
     * @throws RpcException UNAVAILABLE if no address can be connected, DEADLINE_EXCEEDED, CANCELLED
     */
    CallConnection ready(long deadlineNanos) {
        CallConnection connection = current;
        if (connection != null && connection.usable()) {
            return connection;
        }
        return join().await(environment.clock(), deadlineNanos);
    }

    /** The attempt in progress, or a new one. */
    private ConnectAttempt join() {
        lock.lock();
        try {
            ConnectAttempt running = attempt;
            if (running == null) {
                running = new ConnectAttempt();
                attempt = running;
                ConnectAttempt begun = running;
                environment.threads().newThread(() -> run(begun)).start();
            }
            return running;
        } finally {
            lock.unlock();
        }
    }

    private void run(ConnectAttempt begun) {
        Object outcome;
        CallConnection connection = current;
        if (connection != null && connection.usable()) {
            outcome = connection;
        } else {
            outcome = connectAny();
        }
        lock.lock();
        try {
            attempt = null;
            if (outcome instanceof CallConnection made) {
                current = made;
                if (closed) {
                    made.close("the client is closed");
                }
            }
        } finally {
            lock.unlock();
        }
        begun.complete(outcome);
    }

    /** A connection to the first address that answers, or the exception that says why there is none. */
    private Object connectAny() {
        if (closed) {
            return new RpcException(StatusCode.UNAVAILABLE, "the client is closed");
        }
        List<Address> usable = addresses.usable();
        if (usable.isEmpty()) {
            return new RpcException(StatusCode.UNAVAILABLE, "just failed to connect to " + addresses);
        }
        StringBuilder reasons = new StringBuilder();
        IOException last = null;
        for (Address address : usable) {
            try {
                CallConnection made = connect(address);
                addresses.succeeded(address);
                return made;
            } catch (IOException e) {
                addresses.failed(address);
                reasons.append(reasons.isEmpty() ? "" : "; ").append(e.getMessage());
                last = e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new RpcException(StatusCode.CANCELLED, "interrupted while connecting to " + address, e);
            } catch (RuntimeException e) {
                return new RpcException(StatusCode.INTERNAL, "cannot connect to " + address + ": " + e.getMessage(), e);
            }
        }
        return new RpcException(StatusCode.UNAVAILABLE, reasons.toString(), last);
    }

    private CallConnection connect(Address address) throws IOException, InterruptedException {
        cancelIdleTimer();
        Transport transport = transports.forScheme(address.scheme());
        long deadline = environment.clock().nanoTime()
                + config.transport().connectTimeout().toNanos();
        CallConnection[] made = new CallConnection[1];
        transport.connect(
                address,
                connection -> made[0] = new CallConnection(
                        connection, environment, Dispatcher.NONE, List.of(), config.calls(), recorder),
                deadline);
        CallConnection connection = made[0];
        watchIdle(connection, connection.callsMade());
        return connection;
    }

    /** Closes the connection once a whole idle timeout has seen no call. */
    private void watchIdle(CallConnection connection, long callsMadeBefore) {
        long at = environment.clock().nanoTime()
                + config.transport().idleTimeout().toNanos();
        idleTimer = environment.clock().schedule(at, () -> {
            if (!connection.usable()) {
                return;
            }
            long callsMade = connection.callsMade();
            if (callsMade == callsMadeBefore && connection.callsInFlight() == 0) {
                connection.close("idle for " + config.transport().idleTimeout());
            } else {
                watchIdle(connection, callsMade);
            }
        });
    }

    private void cancelIdleTimer() {
        Timer timer = idleTimer;
        if (timer != null) {
            timer.cancel();
        }
    }

    void disconnect(String why) {
        CallConnection connection = current;
        if (connection != null) {
            connection.close(why);
        }
    }

    void close() {
        closed = true;
        cancelIdleTimer();
        CallConnection connection = current;
        if (connection != null) {
            connection.close("the client is closed");
        }
    }
}
