package dev.weft.bench.rpc;

import dev.weft.rpc.RpcServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Listens at the address that it is given and prints it with its port, then answers lines: {@code state} with {@code connections waiting heapBytes} after a collection, {@code
 * calls} with how many handlers wait, {@code release} by ending them.
 */
public final class IdleServer {
    private IdleServer() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        AtomicInteger waiting = new AtomicInteger();
        // An empty payload is answered at once, any other one when it is time.
        PayloadEcho echo = payload -> {
            if (payload.bytes().byteSize() > 0) {
                waiting.incrementAndGet();
                await(released);
            }
            return payload;
        };
        RpcServer server = RpcServer.builder()
                .bind(PayloadEchoRpc.SERVICE, echo)
                .listen(arguments[0])
                .start();
        System.out.println(server.address());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            switch (line) {
                case "state" -> System.out.println(server.connections() + " " + waiting + " " + heapBytes());
                case "calls" -> System.out.println(waiting);
                default -> {
                    released.countDown();
                    System.out.println("released");
                }
            }
        }
        System.exit(0);
    }

    private static void await(CountDownLatch released) {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before it was released", e);
        }
    }

    private static long heapBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
