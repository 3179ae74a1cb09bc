package dev.weft.bench.rdma;

import dev.weft.bench.rpc.Load;
import dev.weft.rpc.rdma.verbs.DisniProvider;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The same chains of requests without the transport, as the floor: DiSNI's interface on a device in software, posted and
 * polled by one thread.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // set up before use
public class VerbsBenchmark {
    private DisniSubject.Client client;
    private Load.BlockingCall writes;
    private Load.BlockingCall reads;
    private Load.BlockingCall smallWrites;

    @Setup(Level.Trial)
    public void connect() throws IOException {
        DisniProvider.install(SoftwareHosts.make().server());
        client = new DisniSubject.Client(DisniSubject.listen(SoftwareHosts.SERVER));
        writes = client.call(new Operation(Operation.Kind.WRITE, 4096, 32, 1));
        reads = client.call(new Operation(Operation.Kind.READ, 4096, 32, 1));
        smallWrites = client.call(new Operation(Operation.Kind.WRITE, 16, 32, 1));
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        client.close();
    }

    @Benchmark
    public void write32x4KiB() throws Exception {
        writes.call();
    }

    @Benchmark
    public void read32x4KiB() throws Exception {
        reads.call();
    }

    @Benchmark
    public void write32x16B() throws Exception {
        smallWrites.call();
    }
}
