package dev.weft.rpc.thrift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.thrift.generated.Calls;
import dev.weft.rpc.thrift.generated.Other;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TMultiplexedProcessor;
import org.apache.thrift.TProcessor;
import org.apache.thrift.protocol.TProtocolFactory;
import org.apache.thrift.server.TServer;
import org.apache.thrift.server.TThreadPoolServer;
import org.apache.thrift.transport.TServerSocket;
import org.apache.thrift.transport.TTransportException;
import org.apache.thrift.transport.layered.TFramedTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Weft's client of the real library's server. */
abstract class LibthriftServerContract extends CallsContract {
    private final Encoding encoding;
    private final TProtocolFactory factory;
    final CallsHandler handler = new CallsHandler();
    private TServer server;
    private ThriftPeer peer;

    LibthriftServerContract(Encoding encoding, TProtocolFactory factory) {
        this.encoding = encoding;
        this.factory = factory;
    }

    record Listening(TServer server, int port) {}

    /** A server of the library, with a thread for each connection unless a test has another. */
    Listening listen(TProcessor processor, TProtocolFactory protocols) throws TTransportException {
        TServerSocket socket = new TServerSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        TServer server = new TThreadPoolServer(new TThreadPoolServer.Args(socket)
                .processor(processor)
                .transportFactory(new TFramedTransport.Factory())
                .protocolFactory(protocols));
        return new Listening(server, socket.getServerSocket().getLocalPort());
    }

    @BeforeEach
    void start() throws Exception {
        TMultiplexedProcessor processor = new TMultiplexedProcessor();
        processor.registerProcessor("Calls", new Calls.Processor<>(handler));
        processor.registerProcessor("Other", new Other.Processor<>(new OtherHandler()));
        processor.registerDefault(new Calls.Processor<>(handler));
        Listening listening = listen(processor, factory);
        server = listening.server;
        Thread.ofPlatform().daemon().start(server::serve);
        // One that is stopped before it serves never ends.
        while (!server.isServing()) {
            Thread.onSpinWait();
        }
        peer = ThriftPeer.of("tcp://127.0.0.1:" + listening.port);
    }

    @AfterEach
    void stop() {
        peer.close();
        server.stop();
    }

    @Override
    Calls.Iface calls() {
        return ThriftClient.of("Calls", Calls.Client::new, peer)
                .withEncoding(encoding)
                .get();
    }

    @Override
    Other.Iface other() {
        return ThriftClient.of("Other", Other.Client::new, peer)
                .withEncoding(encoding)
                .multiplexed()
                .get();
    }

    @Override
    Calls.Iface unknown() {
        return ThriftClient.of("Other", Calls.Client::new, peer)
                .withEncoding(encoding)
                .multiplexed()
                .get();
    }

    @Override
    void assertUnknownMethod(Exception thrown) {
        assertEquals(
                TApplicationException.UNKNOWN_METHOD,
                assertInstanceOf(TApplicationException.class, thrown).getType());
    }

    @Override
    void assertInternal(Exception thrown, String part) {
        assertEquals(
                TApplicationException.INTERNAL_ERROR,
                assertInstanceOf(TApplicationException.class, thrown).getType());
    }

    @Test
    void aCallEndsWithTheDeadlineOfItsContext() {
        Context context = Context.current()
                .withTimeout(Duration.ofMillis(200), Environment.system().clock());
        RpcException thrown = assertThrows(RpcException.class, () -> context.call(() -> calls().slow(60_000)));
        assertEquals(StatusCode.DEADLINE_EXCEEDED, thrown.code());
    }

    @Test
    void anInterruptEndsACall() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                calls().slow(60_000);
            } catch (Exception e) {
                thrown.set(e);
            }
        });
        handler.slowBegun.await();
        thread.interrupt();
        thread.join();
        assertEquals(
                StatusCode.CANCELLED,
                assertInstanceOf(RpcException.class, thrown.get()).code());
    }

    @Test
    void callsAtTheSameTimeHaveConnectionsOfTheirOwn() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int one = i;
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    for (int j = 0; j < 50; j++) {
                        assertEquals(one + j, calls().add(one, j));
                    }
                } catch (Exception e) {
                    handler.notes.add(e.toString());
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(handler.notes.isEmpty(), handler.notes.toString());
    }

    @Test
    void whereNobodyListensThereIsNoService() {
        try (ThriftPeer nobody = ThriftPeer.of("tcp://127.0.0.1:1")) {
            RpcException thrown = assertThrows(
                    RpcException.class,
                    () -> ThriftClient.of("Calls", Calls.Client::new, nobody)
                            .get()
                            .add(1, 2));
            assertEquals(StatusCode.UNAVAILABLE, thrown.code());
        }
    }
}
