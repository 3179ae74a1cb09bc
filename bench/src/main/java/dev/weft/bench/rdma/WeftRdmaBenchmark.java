package dev.weft.bench.rdma;

import dev.weft.bench.rpc.Payload;
import dev.weft.bench.rpc.PayloadEcho;
import dev.weft.bench.rpc.PayloadEchoRpc;
import dev.weft.rpc.Buffer;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.BufferPoolConfig;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RemoteMemory;
import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.TransferBatch;
import dev.weft.rpc.rdma.RdmaConfig;
import dev.weft.rpc.rdma.RdmaTransportProvider;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What an operation costs over devices in software, both ends in one process: all bytes allocated are counted. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // set up before use
public class WeftRdmaBenchmark {
    private static final int PIECES = 32;
    private static final Operation WRITE = new Operation(Operation.Kind.WRITE, 4096, PIECES, 1);
    private static final Operation READ = new Operation(Operation.Kind.READ, 4096, PIECES, 1);
    private static final Operation SMALL_WRITE = new Operation(Operation.Kind.WRITE, 16, PIECES, 1);

    private final BufferPool serverBuffers =
            new BufferPool(new BufferPoolConfig(16 << 20, Operation.MEMORY_BYTES), Environment.system());
    private final BufferPool clientBuffers =
            new BufferPool(new BufferPoolConfig(16 << 20, Operation.MEMORY_BYTES), Environment.system());
    private RpcServer server;
    private RpcClient client;
    private PayloadEcho echo;
    private Payload payload;
    private TransferBatch writes;
    private TransferBatch reads;
    private TransferBatch smallWrites;

    @Setup(Level.Trial)
    public void connect() throws IOException {
        SoftwareHosts hosts = SoftwareHosts.make();
        PayloadEcho handler = received -> received;
        server = RpcServer.builder()
                .transport(new RdmaTransportProvider(RdmaConfig.defaults(), hosts.server()))
                .buffers(serverBuffers)
                .bind(PayloadEchoRpc.SERVICE, handler)
                .listen("rdma://" + SoftwareHosts.SERVER + ":0")
                .start();
        client = RpcClient.builder()
                .transport(new RdmaTransportProvider(RdmaConfig.defaults(), hosts.client()))
                .buffers(clientBuffers)
                .build();
        String address = server.addresses().getFirst().toString();
        echo = client.stub(PayloadEchoRpc.SERVICE, address);
        payload = new Payload(MemorySegment.ofArray(new byte[16]));
        Buffer local = clientBuffers.acquire(Operation.MEMORY_BYTES);
        RemoteMemory remote = serverBuffers.acquire(Operation.MEMORY_BYTES).remote(Access.READ_WRITE);
        writes = WeftSubject.batch(client.peer(address), WRITE, local.segment(), remote);
        reads = WeftSubject.batch(client.peer(address), READ, local.segment(), remote);
        smallWrites = WeftSubject.batch(client.peer(address), SMALL_WRITE, local.segment(), remote);
    }

    @TearDown(Level.Trial)
    public void close() {
        client.close();
        server.close();
    }

    Map<String, Long> counters() {
        return client.transportCounters();
    }

    @Benchmark
    public Payload call() {
        return echo.echo(payload);
    }

    @Benchmark
    public void write32x4KiB() {
        writes.execute();
    }

    @Benchmark
    public void read32x4KiB() {
        reads.execute();
    }

    @Benchmark
    public void write32x16B() {
        smallWrites.execute();
    }
}
