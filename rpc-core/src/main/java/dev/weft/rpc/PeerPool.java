package dev.weft.rpc;

import dev.weft.rpc.spi.CallRecord;
import dev.weft.rpc.spi.CallRecorder;
import dev.weft.rpc.spi.Transfer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A peer as a client sees it: metrics, interceptors, deadline and retry around calls over a few connections. */
final class PeerPool implements Peer {
    private final List<Address> addresses;
    private final ClientConfig config;
    private final Environment environment;
    private final Interceptor[] interceptors;
    private final RpcMetrics metrics;
    private final PooledConnection[] connections;
    private final Recording recording;
    private final AtomicInteger nextConnection = new AtomicInteger();

    PeerPool(
            List<Address> addresses,
            ClientConfig config,
            Environment environment,
            Transports transports,
            Interceptor[] interceptors,
            RpcMetrics metrics,
            CallRecorder recorder) {
        this.addresses = addresses;
        this.config = config;
        this.environment = environment;
        this.interceptors = interceptors;
        this.metrics = metrics;
        this.connections = new PooledConnection[config.connectionsPerPeer()];
        AddressBook book = new AddressBook(addresses, config.retry(), environment);
        for (int i = 0; i < connections.length; i++) {
            connections[i] = new PooledConnection(book, config, environment, transports, recorder);
        }
        this.recording = new Recording(recorder, environment.clock(), address());
    }

    @Override
    public <Q, R> R call(Method<?, Q, R> method, Q request) {
        MethodMetrics measured = metrics.of(method);
        measured.begin();
        long startedNanos = environment.clock().nanoTime();
        CallRecord record = recording.begin(method, startedNanos);
        try {
            R result = interceptors.length == 0
                    ? callWithRetry(method, request, startedNanos, measured, record)
                    : intercepted(method, request, startedNanos, measured, record);
            long endedNanos = environment.clock().nanoTime();
            measured.succeeded(endedNanos - startedNanos);
            recording.succeeded(record, endedNanos);
            return result;
        } catch (RpcException e) {
            measured.failed(e.code());
            recording.failed(record, e.code());
            throw e;
        } catch (RuntimeException e) {
            measured.failed(StatusCode.INTERNAL);
            recording.failed(record, StatusCode.INTERNAL);
            throw e;
        }
    }

    @Override
    public <Q, R, I, O> R call(Method<?, Q, R> method, Q request, StreamReader<I> in, StreamWriter<O> out) {
        MethodMetrics measured = metrics.of(method);
        measured.begin();
        long startedNanos = environment.clock().nanoTime();
        CallRecord record = recording.begin(method, startedNanos);
        try {
            R result = streamed(method, request, new StreamAttempt<>(in, out), startedNanos, measured, record);
            long endedNanos = environment.clock().nanoTime();
            measured.succeeded(endedNanos - startedNanos);
            recording.succeeded(record, endedNanos);
            return result;
        } catch (RpcException e) {
            measured.failed(e.code());
            recording.failed(record, e.code());
            throw e;
        } catch (RuntimeException e) {
            measured.failed(StatusCode.INTERNAL);
            recording.failed(record, StatusCode.INTERNAL);
            throw e;
        }
    }

    private <Q, R> R streamed(
            Method<?, Q, R> method,
            Q request,
            StreamAttempt<?, ?> attempt,
            long startedNanos,
            MethodMetrics measured,
            @Nullable CallRecord record) {
        Interceptor.Next last = new Interceptor.Next() {
            @Override
            public <A, B> B proceed(Method<?, A, B> inner, A parameter) {
                return streamWithRetry(inner, parameter, attempt, startedNanos, measured, record);
            }
        };
        return interceptors.length == 0
                ? streamWithRetry(method, request, attempt, startedNanos, measured, record)
                : intercepted(method, request, last);
    }

    /** As long as nothing has been read or written, a call with streams is repeated like any other. */
    private <Q, R> R streamWithRetry(
            Method<?, Q, R> method,
            Q request,
            StreamAttempt<?, ?> attempt,
            long startedNanos,
            MethodMetrics measured,
            @Nullable CallRecord record) {
        Context context = Context.current();
        long deadline = context.earlierDeadline(
                startedNanos + config.streams().timeout().toNanos());
        int attempts = 1;
        long now = startedNanos;
        while (true) {
            try {
                return attempt.run(method, pick().ready(deadline), request, context, now, deadline, measured, record);
            } catch (RpcException e) {
                if (attempt.hasBegun()
                        || attempts >= config.retry().maxAttempts()
                        || !config.retry().mayRepeat(e.code(), method)) {
                    throw e;
                }
                pause(attempts, deadline, e);
                attempts++;
                now = environment.clock().nanoTime();
            }
        }
    }

    private <Q, R> R intercepted(
            Method<?, Q, R> method, Q request, long startedNanos, MethodMetrics measured, @Nullable CallRecord record) {
        Interceptor.Next last = new Interceptor.Next() {
            @Override
            public <A, B> B proceed(Method<?, A, B> inner, A parameter) {
                return callWithRetry(inner, parameter, startedNanos, measured, record);
            }
        };
        return intercepted(method, request, last);
    }

    private <Q, R> R intercepted(Method<?, Q, R> method, Q request, Interceptor.Next last) {
        try {
            return new InterceptorChain(interceptors, last).proceed(method, request);
        } catch (RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException(StatusCode.CANCELLED, "interrupted in an interceptor", e);
        } catch (Exception e) {
            throw new RpcException(StatusCode.INTERNAL, "an interceptor threw " + e, e);
        }
    }

    private <Q, R> R callWithRetry(
            Method<?, Q, R> method, Q request, long startedNanos, MethodMetrics measured, @Nullable CallRecord record) {
        Context context = Context.current();
        long deadline =
                context.earlierDeadline(startedNanos + config.defaultTimeout().toNanos());
        int attempt = 1;
        long now = startedNanos;
        while (true) {
            try {
                return pick().ready(deadline).call(method, request, context, now, deadline, measured, record);
            } catch (RpcException e) {
                if (attempt >= config.retry().maxAttempts() || !config.retry().mayRepeat(e.code(), method)) {
                    throw e;
                }
                pause(attempt, deadline, e);
                attempt++;
                now = environment.clock().nanoTime();
            }
        }
    }

    /** Waits before the next attempt; throws {@code failure} instead if the deadline would pass meanwhile. */
    private void pause(int failedAttempts, long deadlineNanos, RpcException failure) {
        long pause = config.retry().pauseNanos(failedAttempts, environment.random());
        if (environment.clock().nanoTime() + pause - deadlineNanos >= 0) {
            throw failure;
        }
        try {
            environment.clock().sleep(Duration.ofNanos(pause));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException(StatusCode.CANCELLED, "interrupted between attempts", failure);
        }
    }

    private PooledConnection pick() {
        return connections.length == 1
                ? connections[0]
                : connections[Math.floorMod(nextConnection.getAndIncrement(), connections.length)];
    }

    @Override
    public TransferBatch batch() {
        return new TransferBatch(this::transfer);
    }

    private void transfer(List<Transfer> transfers) {
        long now = environment.clock().nanoTime();
        long deadline =
                Context.current().earlierDeadline(now + config.defaultTimeout().toNanos());
        pick().ready(deadline).transfer(transfers, deadline);
    }

    @Override
    public String address() {
        return addresses.getFirst().toString();
    }

    void disconnect(String why) {
        for (PooledConnection connection : connections) {
            connection.disconnect(why);
        }
    }

    void close() {
        for (PooledConnection connection : connections) {
            connection.close();
        }
    }
}
