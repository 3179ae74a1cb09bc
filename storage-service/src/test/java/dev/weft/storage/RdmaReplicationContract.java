package dev.weft.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ReadPiece;
import dev.weft.api.storage.ReadRequest;
import dev.weft.api.storage.ReadResult;
import dev.weft.rpc.Buffer;
import dev.weft.rpc.RemoteMemory;
import dev.weft.rpc.rdma.RdmaConfig;
import dev.weft.rpc.rdma.RdmaTransportProvider;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Over RDMA, the bytes of chunks do not travel in messages. */
abstract class RdmaReplicationContract extends ReplicationContract {
    private static final ChunkId LARGE = new ChunkId(200, 0);
    private static final int BYTES = TestCluster.CHUNK_SIZE;

    /** More than all messages about one chunk, and far less than the chunk. */
    private static final long FEW = 64 << 10;

    private final RpcNetwork rpc;

    /**
     * @param listen where each node does
     * @param verbs of each node, and of the client
     */
    RdmaReplicationContract(IntFunction<String> listen, IntFunction<VerbsProvider> verbs) {
        this(new RpcNetwork(
                listen, party -> List.of(new RdmaTransportProvider(RdmaConfig.defaults(), verbs.apply(party)))));
    }

    private RdmaReplicationContract(RpcNetwork network) {
        super(network);
        this.rpc = network;
    }

    @Test
    final void everyReplicaPullsAWriteFromTheOneBeforeIt() throws Exception {
        cluster.write(new ChunkId(200, 1), 0, "connects");
        List<Map<String, Long>> before = counters();
        cluster.write(LARGE, 0, "x".repeat(BYTES));
        for (int node = 1; node <= 3; node++) {
            assertEquals(BYTES, grown(before, node, "rdma.read-bytes"), "pulled by node " + node);
            assertEquals(0, grown(before, node, "rdma.staged-bytes"), "copied by node " + node);
            long sent = grown(before, node, "rdma.send-bytes");
            assertTrue(sent < FEW, "node " + node + " sent " + sent + " bytes in messages");
        }
    }

    @Test
    final void aReplicaPutsWhatIsReadIntoTheReadersMemory() throws Exception {
        String text = "y".repeat(BYTES);
        cluster.write(LARGE, 0, text);
        List<Map<String, Long>> before = counters();
        try (Buffer buffer = rpc.buffers(TestNetwork.CLIENT).acquire(BYTES)) {
            Optional<RemoteMemory> into = Optional.of(buffer.remote(RemoteMemory.Access.WRITE));
            ReadPiece piece = new ReadPiece(cluster.chain(), 2, LARGE, 0, BYTES, into);
            ReadResult result = cluster.service(2)
                    .read(new ReadRequest(List.of(piece)))
                    .results()
                    .getFirst();
            ReadResult.Found found = assertInstanceOf(ReadResult.Found.class, result);
            assertEquals(0, found.bytes().byteSize(), "bytes in the reply");
            assertEquals(text, new String(buffer.segment().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8));
        }
        assertEquals(BYTES, grown(before, 2, "rdma.write-bytes"));
        assertTrue(grown(before, 2, "rdma.send-bytes") < FEW);
        assertEquals(0, grown(before, 1, "rdma.write-bytes"), "another replica had a part in it");
    }

    private List<Map<String, Long>> counters() {
        return List.of(rpc.counters(1), rpc.counters(2), rpc.counters(3));
    }

    private long grown(List<Map<String, Long>> before, int node, String name) {
        return rpc.counters(node).getOrDefault(name, 0L) - before.get(node - 1).getOrDefault(name, 0L);
    }
}
