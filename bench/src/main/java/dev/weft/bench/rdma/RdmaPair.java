package dev.weft.bench.rdma;

import dev.weft.bench.rpc.ChildJvm;
import java.io.IOException;
import java.util.Optional;

/** A server and a client process of one subject, which wait between measurements. */
final class RdmaPair implements AutoCloseable {
    private static final String HEAP = "384m";

    private final String subject;
    private final ChildJvm server;
    private final ChildJvm client;

    RdmaPair(String subject, String host) throws IOException {
        this.subject = subject;
        this.server = new ChildJvm(HEAP, RdmaSide.class, "server", subject, host);
        this.client = new ChildJvm(HEAP, RdmaSide.class, "client", subject, server.readLine());
    }

    String subject() {
        return subject;
    }

    /** DiSNI's side has one thread, and so one operation at a time. */
    boolean can(Operation operation) {
        return operation.inFlight() == 1 || !subject.equals("disni");
    }

    /** Has the pair work, alone, and reports what came of it; empty if not one operation ended in time. */
    Optional<Sample> measure(Operation operation, long warmupMillis, long measureMillis) throws IOException {
        double cpuBefore = cpuSeconds();
        long begun = System.nanoTime();
        String[] words = client.ask(operation.encode() + " " + warmupMillis + " " + measureMillis)
                .split(" ", -1);
        double elapsed = (System.nanoTime() - begun) / 1e9;
        long count = Long.parseLong(words[0]);
        double seconds = measureMillis / 1e3;
        // Processor time covers the warm-up too, so it is divided by the share of time that was measured.
        double cpuMicros = (cpuSeconds() - cpuBefore) * (seconds / elapsed) * 1e6 / count;
        if (count == 0) {
            return Optional.empty();
        }
        return Optional.of(new Sample(
                operation,
                subject,
                count / seconds,
                Long.parseLong(words[1]) / 1e3,
                Long.parseLong(words[2]) / 1e3,
                cpuMicros,
                Double.parseDouble(words[3])));
    }

    private double cpuSeconds() throws IOException {
        return server.cpuSeconds() + client.cpuSeconds();
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
