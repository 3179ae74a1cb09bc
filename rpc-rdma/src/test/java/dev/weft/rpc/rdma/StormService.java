package dev.weft.rpc.rdma;

import dev.weft.rpc.Buffer;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Context;
import dev.weft.rpc.Peer;
import dev.weft.rpc.testkit.BatchRequest;
import dev.weft.rpc.testkit.ChecksumReply;
import dev.weft.rpc.testkit.ContextReply;
import dev.weft.rpc.testkit.ContractService;
import dev.weft.rpc.testkit.EchoReply;
import dev.weft.rpc.testkit.EchoRequest;
import dev.weft.rpc.testkit.MemoryRequest;
import dev.weft.rpc.testkit.Pattern;
import dev.weft.rpc.testkit.TextRequest;
import java.util.concurrent.ConcurrentHashMap;

/** Serves the storm's calls, and counts how often each ran. */
final class StormService implements ContractService {
    private final BufferPool buffers;
    private final ConcurrentHashMap<String, Integer> runs = new ConcurrentHashMap<>();

    StormService(BufferPool buffers) {
        this.buffers = buffers;
    }

    int runs(String name) {
        return runs.getOrDefault(name, 0);
    }

    @Override
    public EchoReply echo(EchoRequest request) {
        runs.merge(request.text(), 1, Integer::sum);
        return new EchoReply(request.text(), request.bytes());
    }

    @Override
    public ChecksumReply readMemory(MemoryRequest request) {
        try (Buffer buffer = buffers.acquire((int) request.memory().length())) {
            peer().read(request.memory(), buffer.segment());
            return new ChecksumReply(Pattern.checksum(buffer.segment()));
        }
    }

    @Override
    public ChecksumReply writeMemory(MemoryRequest request) {
        try (Buffer buffer = buffers.acquire((int) request.memory().length())) {
            Pattern.fill(buffer.segment(), request.memory().key());
            peer().write(buffer.segment(), request.memory());
            return new ChecksumReply(Pattern.checksum(buffer.segment()));
        }
    }

    private static Peer peer() {
        return Context.current().peer();
    }

    @Override
    public void block(TextRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void refuse(TextRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void fail(TextRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ContextReply context() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void tell(TextRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ChecksumReply batch(BatchRequest request) {
        throw new UnsupportedOperationException();
    }
}
