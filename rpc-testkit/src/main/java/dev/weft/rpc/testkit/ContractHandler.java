package dev.weft.rpc.testkit;

import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RemoteMemory;
import dev.weft.rpc.TransferBatch;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** Serves {@link ContractService}, and remembers what happened. */
public final class ContractHandler implements ContractService {
    /** What {@link #writeMemory} writes. */
    public static final long PATTERN_SEED = 42;

    private final Environment environment;
    private final BufferPool buffers;
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final Queue<Runnable> actions = new ConcurrentLinkedQueue<>();

    public ContractHandler(Environment environment, BufferPool buffers) {
        this.environment = environment;
        this.buffers = buffers;
    }

    /** What happened, in order: {@code told x}, {@code blocked x}, {@code interrupted x}. */
    public BlockingQueue<String> events() {
        return events;
    }

    /** Has {@code action} run by the next handler of {@code echo}, {@code context} or {@code writeMemory}, first of all. */
    public void during(Runnable action) {
        actions.add(action);
    }

    private void runAction() {
        Runnable action = actions.poll();
        if (action != null) {
            action.run();
        }
    }

    @Override
    public EchoReply echo(EchoRequest request) {
        runAction();
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
        runAction();
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
        runAction();
        try (var buffer = buffers.acquire((int) request.memory().length())) {
            Pattern.fill(buffer.segment(), PATTERN_SEED);
            Context.current().peer().write(buffer.segment(), request.memory());
            return new ChecksumReply(Pattern.checksum(buffer.segment()));
        }
    }

    @Override
    public ChecksumReply batch(BatchRequest request) {
        long readBytes = bytes(request.reads());
        try (var read = buffers.acquire((int) readBytes);
                var written = buffers.acquire((int) bytes(request.writes()))) {
            TransferBatch batch = Context.current().peer().batch();
            long at = 0;
            for (RemoteMemory piece : request.reads()) {
                batch.read(piece, read.segment().asSlice(at, piece.length()));
                at += piece.length();
            }
            at = 0;
            for (RemoteMemory piece : request.writes()) {
                MemorySegment from = written.segment().asSlice(at, piece.length());
                Pattern.fill(from, PATTERN_SEED + at);
                batch.write(from, piece);
                at += piece.length();
            }
            batch.execute();
            return new ChecksumReply(Pattern.checksum(read.segment()));
        }
    }

    private static long bytes(Iterable<RemoteMemory> pieces) {
        long bytes = 0;
        for (RemoteMemory piece : pieces) {
            bytes += piece.length();
        }
        return bytes;
    }
}
