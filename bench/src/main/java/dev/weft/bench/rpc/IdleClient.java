package dev.weft.bench.rpc;

import dev.weft.rpc.Address;
import dev.weft.rpc.ClientConfig;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.MemoryRegistry;
import dev.weft.rpc.spi.MessageHandler;
import dev.weft.rpc.spi.Transport;
import dev.weft.rpc.spi.TransportConfig;
import dev.weft.rpc.spi.TransportProvider;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers lines: {@code connect N} when so many connections are open, {@code disconnect} when they are closed, {@code call
 * N} when so many calls have been started, {@code join} with {@code completed failed} when all have ended.
 */
public final class IdleClient {
    private static final MessageHandler SILENT = new MessageHandler() {
        @Override
        public void onMessages(InboundMessage first) {}

        @Override
        public void onClosed(String reason) {}
    };

    private final Environment environment = Environment.system();
    private final Address server;
    private final Transport transport;
    private final List<Thread> callers = new ArrayList<>();
    private final AtomicInteger completed = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    private IdleClient(String address) {
        server = Address.parse(address);
        TransportProvider provider = ServiceLoader.load(TransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(p -> p.schemes().contains(server.scheme()))
                .findFirst()
                .orElseThrow();
        transport = provider.create(environment, new MemoryRegistry(environment.random()), TransportConfig.defaults());
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        IdleClient client = new IdleClient(arguments[0]);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "connect" -> client.connect(Integer.parseInt(words[1]));
                case "disconnect" -> client.transport.close();
                case "call" -> client.call(Integer.parseInt(words[1]));
                default -> client.join();
            }
            System.out.println(client.completed + " " + client.failed);
        }
        System.exit(0);
    }

    /** One after the other; each is open on both sides once the peer's greeting is there. */
    private void connect(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            long deadline =
                    environment.clock().nanoTime() + Duration.ofSeconds(10).toNanos();
            transport.connect(server, connection -> SILENT, deadline);
        }
    }

    private void call(int count) {
        RpcClient client = RpcClient.builder()
                .config(ClientConfig.defaults().withDefaultTimeout(Duration.ofMinutes(10)))
                .build();
        PayloadEcho echo = client.stub(PayloadEchoRpc.SERVICE, server.toString());
        Payload payload = new Payload(MemorySegment.ofArray(new byte[16]));
        for (int i = 0; i < count; i++) {
            callers.add(Thread.ofVirtual().start(() -> {
                boolean answered = false;
                try {
                    answered = echo.echo(payload).bytes().byteSize() == 16;
                } finally {
                    (answered ? completed : failed).incrementAndGet();
                }
            }));
        }
    }

    private void join() throws InterruptedException {
        for (Thread caller : callers) {
            caller.join();
        }
    }
}
