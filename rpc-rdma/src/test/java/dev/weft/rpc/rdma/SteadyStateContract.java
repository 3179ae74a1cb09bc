package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.weft.rpc.Address;
import dev.weft.rpc.Buffer;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.BufferPoolConfig;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RemoteMemory;
import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.MessageHandler;
import dev.weft.rpc.spi.Transfer;
import dev.weft.rpc.spi.Transport;
import dev.weft.rpc.spi.TransportConfig;
import dev.weft.rpc.spi.TransportConnection;
import dev.weft.rpc.spi.TransportListener;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one batch of 32 transfers of 4 KiB costs the transport when it is done again and again. */
abstract class SteadyStateContract {
    private static final int PIECES = 32;
    private static final int PIECE_BYTES = 4096;

    /** Pieces do not touch, so that each is a work request of its own. */
    private static final int APART_BYTES = 2 * PIECE_BYTES;

    /** Pieces of one work request, if the device can do as many. */
    private static final int GATHERED_MAX = 16;

    private static final int BATCHES = 300;

    /** Until all of it is compiled. */
    private static final int TRIES_MAX = 60;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Environment environment = Environment.system();
    private final BufferPool serverBuffers = new BufferPool(new BufferPoolConfig(8 << 20, 1 << 20), environment);
    private final BufferPool clientBuffers = new BufferPool(new BufferPoolConfig(8 << 20, 1 << 20), environment);
    private Buffer local;
    private Buffer remote;
    private RemoteMemory memory;
    private Transport server;
    private Transport client;
    private TransportListener listener;
    private TransportConnection connection;

    abstract VerbsProvider serverVerbs() throws Exception;

    abstract VerbsProvider clientVerbs() throws Exception;

    @BeforeEach
    void connect() throws Exception {
        server = new RdmaTransportProvider(RdmaConfig.defaults(), serverVerbs())
                .create(environment, serverBuffers.registry(), TransportConfig.defaults());
        client = new RdmaTransportProvider(RdmaConfig.defaults(), clientVerbs())
                .create(environment, clientBuffers.registry(), TransportConfig.defaults());
        listener = server.listen(Address.parse("rdma://10.0.0.1:0"), accepted -> new Deaf());
        connection = client.connect(listener.address(), made -> new Deaf(), deadline());
        local = clientBuffers.acquire(PIECES * APART_BYTES);
        remote = serverBuffers.acquire(PIECES * APART_BYTES);
        memory = remote.remote(Access.READ_WRITE);
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
        local.close();
        remote.close();
        clientBuffers.close();
        serverBuffers.close();
    }

    private static final class Deaf implements MessageHandler {
        @Override
        public void onMessages(InboundMessage first) {
            throw new AssertionError("a message of kind " + first.kind());
        }

        @Override
        public void onClosed(String reason) {}
    }

    private long deadline() {
        return environment.clock().nanoTime() + 50_000_000_000L;
    }

    private List<Transfer> transfers(boolean reads, int apartBytes) {
        List<Transfer> transfers = new ArrayList<>();
        for (int i = 0; i < PIECES; i++) {
            MemorySegment here = local.segment().asSlice((long) i * apartBytes, PIECE_BYTES);
            RemoteMemory there = memory.slice((long) i * apartBytes, PIECE_BYTES);
            transfers.add(reads ? new Transfer.Read(there, here) : new Transfer.Write(here, there));
        }
        return transfers;
    }

    private void run(List<Transfer> transfers, int times) {
        long deadline = deadline();
        for (int i = 0; i < times; i++) {
            connection.transfer(transfers, deadline);
        }
    }

    @Test
    void batchesOfWritesAllocateNothing() {
        assertAllocatesNothing(transfers(false, APART_BYTES));
    }

    @Test
    void batchesOfReadsAllocateNothing() {
        assertAllocatesNothing(transfers(true, APART_BYTES));
    }

    /** In the thread that calls, and in all threads of both transports, pollers among them. */
    private void assertAllocatesNothing(List<Transfer> transfers) {
        long[] ids = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("weft-rdma"))
                .mapToLong(Thread::threadId)
                .toArray();
        assertTrue(ids.length >= 4, "threads of transports: " + ids.length);
        long least = Long.MAX_VALUE;
        for (int i = 0; i < TRIES_MAX && least > 0; i++) {
            long before = allocated(ids);
            long mine = threads.getCurrentThreadAllocatedBytes();
            run(transfers, BATCHES);
            mine = threads.getCurrentThreadAllocatedBytes() - mine;
            least = Math.min(least, mine + allocated(ids) - before);
        }
        assertEquals(0, least, "bytes in " + BATCHES + " batches");
    }

    private long allocated(long[] ids) {
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(ids)) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }

    @Test
    void aBatchIsOnePostWithOneSignalledRequest() {
        assertCost(transfers(false, APART_BYTES), "writes", PIECES);
        assertCost(transfers(true, APART_BYTES), "reads", PIECES);
    }

    /** Pieces of the peer's memory that follow each other need not be requests of their own. */
    @Test
    void adjacentPiecesAreOneRequestAsFarAsADeviceCanGather() throws Exception {
        int gathered = Math.min(GATHERED_MAX, clientVerbs().devices().getFirst().maxSge());
        assertCost(transfers(false, PIECE_BYTES), "writes", (PIECES + gathered - 1) / gathered);
    }

    private void assertCost(List<Transfer> transfers, String requests, int requestsPerBatch) {
        run(transfers, 1);
        Map<String, Long> before = client.counters();
        run(transfers, 10);
        Map<String, Long> after = client.counters();
        assertEquals(10, difference(before, after, "posts"));
        assertEquals(10L * requestsPerBatch, difference(before, after, requests));
        assertEquals(10L * PIECES * PIECE_BYTES, difference(before, after, requests.replace("s", "") + "-bytes"));
        assertEquals(10, difference(before, after, "completions"));
    }

    private static long difference(Map<String, Long> before, Map<String, Long> after, String name) {
        return after.getOrDefault(name, 0L) - before.getOrDefault(name, 0L);
    }
}
