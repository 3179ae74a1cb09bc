package dev.weft.rpc.testkit;

import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** Serves {@link ContractService}, and remembers what happened. */
public final class ContractHandler implements ContractService {
    /** What {@link #writeMemory} writes. */
    public static final long PATTERN_SEED = 42;

    private final Environment environment;
    private final BufferPool buffers;
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    public ContractHandler(Environment environment, BufferPool buffers) {
        this.environment = environment;
        this.buffers = buffers;
    }

    /** What happened, in order: {@code told x}, {@code blocked x}, {@code interrupted x}. */
    public BlockingQueue<String> events() {
        return events;
    }

    @Override
    public EchoReply echo(EchoRequest request) {
        return new EchoReply(request.text(), request.bytes());
    }

    @Override
    public void block(TextRequest request) {
        events.add("blocked " + request.text());
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            events.add((Context.current().isCancelled() ? "cancelled " : "interrupted ") + request.text());
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void refuse(TextRequest request) throws RefusedException {
        throw new RefusedException(request);
    }

    @Override
    public void fail(TextRequest request) {
        throw new IllegalStateException(request.text());
    }

    @Override
    public ContextReply context() {
        Context context = Context.current();
        long remaining = context.hasDeadline()
                ? context.deadlineNanos() - environment.clock().nanoTime()
                : -1;
        return new ContextReply(remaining, context.identity(), context.traceId().toString());
    }

    @Override
    public void tell(TextRequest request) {
        events.add("told " + request.text());
    }

    @Override
    public ChecksumReply readMemory(MemoryRequest request) {
        try (var buffer = buffers.acquire((int) request.memory().length())) {
            Context.current().peer().read(request.memory(), buffer.segment());
            return new ChecksumReply(Pattern.checksum(buffer.segment()));
        }
    }

    @Override
    public ChecksumReply writeMemory(MemoryRequest request) {
        try (var buffer = buffers.acquire((int) request.memory().length())) {
            Pattern.fill(buffer.segment(), PATTERN_SEED);
            Context.current().peer().write(buffer.segment(), request.memory());
            return new ChecksumReply(Pattern.checksum(buffer.segment()));
        }
    }
}
