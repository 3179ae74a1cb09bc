package dev.weft.rpc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Address;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.MessageHandler;
import dev.weft.rpc.spi.MessageKind;
import dev.weft.rpc.spi.OutboundMessage;
import dev.weft.rpc.spi.Transport;
import dev.weft.rpc.spi.TransportConfig;
import dev.weft.rpc.spi.TransportConnection;
import dev.weft.serde.SerdeWriter;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a caller gets that breaks the rules of streams: the end of its call, and of no other. */
final class StreamViolationsTest {
    private static final int READS = 32;
    private static final int WRITES = 64;

    private final Environment environment = Environment.system();
    private final BlockingQueue<InboundMessage> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private RpcServer server;
    private Transport transport;
    private TransportConnection connection;

    @SuppressWarnings("NullAway.Init") // see connect
    StreamViolationsTest() {}

    @BeforeEach
    void connect() throws Exception {
        InMemoryNetwork network = new InMemoryNetwork(environment);
        server = RpcServer.builder()
                .transport(network.node("server"))
                .bind(StreamServiceRpc.SERVICE, new StreamHandler(events))
                .listen("mem://server")
                .start();
        transport =
                network.node("client").create(environment, BufferPool.shared().registry(), TransportConfig.defaults());
        connection = transport.connect(
                Address.parse("mem://server"),
                accepted -> new MessageHandler() {
                    @Override
                    public void onMessages(InboundMessage first) {
                        for (InboundMessage message = first; message != null; message = message.next()) {
                            answers.add(message);
                        }
                    }

                    @Override
                    public void onClosed(String reason) {}
                },
                deadline());
    }

    @AfterEach
    void othersGoOn() throws InterruptedException {
        request(99, "count", READS);
        expect(99, MessageKind.REQUEST_CREDIT);
        send(MessageKind.REQUEST_END, 99, 0);
        assertEquals(0, expect(99, MessageKind.REPLY).body().get(ValueLayout.JAVA_BYTE, 0));
        transport.close();
        server.close();
    }

    @Test
    void itemBeyondTheCredit() throws InterruptedException {
        begin(1);
        item(1, 256);
        assertRefused(1, StatusCode.RESOURCE_EXHAUSTED);
        assertEquals("cancelled count", events.poll(30, TimeUnit.SECONDS));
    }

    @Test
    void itemThatComesTwice() throws InterruptedException {
        begin(1);
        item(1, 5);
        item(1, 5);
        assertRefused(1, StatusCode.INVALID_ARGUMENT);
    }

    @Test
    void itemAfterTheEnd() throws InterruptedException {
        begin(1);
        send(MessageKind.REQUEST_END, 1, 3);
        item(1, 3);
        assertRefused(1, StatusCode.INVALID_ARGUMENT);
    }

    @Test
    void secondEnd() throws InterruptedException {
        begin(1);
        send(MessageKind.REQUEST_END, 1, 3);
        send(MessageKind.REQUEST_END, 1, 3);
        assertRefused(1, StatusCode.INVALID_ARGUMENT);
    }

    @Test
    void bodyThatCannotBeRead() throws InterruptedException {
        begin(1);
        send(MessageKind.REQUEST_END, 1, -1);
        assertRefused(1, StatusCode.INVALID_ARGUMENT);
        begin(2);
        message(MessageKind.REPLY_CREDIT, 2, SerdeWriter.create(16));
        assertRefused(2, StatusCode.INVALID_ARGUMENT);
    }

    @Test
    void streamsThatTheMethodHasNot() throws InterruptedException {
        request(1, "count", READS | WRITES);
        assertRefused(1, StatusCode.INVALID_ARGUMENT);
        request(2, "count", 0);
        assertRefused(2, StatusCode.INVALID_ARGUMENT);
    }

    @Test
    void messagesOfNoCallAreIgnored() {
        item(77, 0);
        send(MessageKind.REQUEST_END, 77, 1);
        assertTrue(connection.isOpen());
    }

    private void begin(long id) throws InterruptedException {
        request(id, "count", READS);
        expect(id, MessageKind.REQUEST_CREDIT);
    }

    private void request(long id, String method, int flags) {
        SerdeWriter body = SerdeWriter.create(64);
        body.putLong(StreamServiceRpc.SERVICE.methods().stream()
                .filter(one -> one.name().equals(method))
                .findFirst()
                .orElseThrow()
                .id());
        body.putByte((byte) flags);
        body.putLong(0);
        body.putLong(0);
        message(MessageKind.REQUEST, id, body);
    }

    private void item(long id, long number) {
        SerdeWriter body = SerdeWriter.create(64);
        body.putLong(number);
        body.putByte((byte) 0);
        message(MessageKind.REQUEST_ITEM, id, body);
    }

    private void send(byte kind, long id, long count) {
        SerdeWriter body = SerdeWriter.create(64);
        body.putLong(count);
        message(kind, id, body);
    }

    private void message(byte kind, long id, SerdeWriter body) {
        connection.send(new OutboundMessage(kind, id, body), false, deadline());
    }

    private long deadline() {
        return environment.clock().nanoTime() + 30_000_000_000L;
    }

    private InboundMessage expect(long id, byte kind) throws InterruptedException {
        InboundMessage answer = answers.poll(30, TimeUnit.SECONDS);
        while (answer != null && answer.id() != id) {
            answer = answers.poll(30, TimeUnit.SECONDS);
        }
        assertTrue(answer != null, "no answer");
        assertEquals(kind, answer.kind());
        return answer;
    }

    private void assertRefused(long id, StatusCode status) throws InterruptedException {
        assertEquals(status.wireValue(), expect(id, MessageKind.REPLY).body().get(ValueLayout.JAVA_BYTE, 0));
    }
}
