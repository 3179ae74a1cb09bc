package dev.weft.rpc.rdma.ffm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import dev.weft.rpc.rdma.verbs.ConnectedPair;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FfmConnectionTest {
    private static FfmVerbsProvider provider;
    private static InetAddress here;

    @BeforeAll
    static void open() throws IOException {
        provider = Lab.provider();
        here = Lab.addresses(provider).getFirst();
    }

    @AfterAll
    static void close() {
        if (provider != null) {
            provider.close();
        }
    }

    @Test
    void carriesPrivateDataBothWays() throws IOException {
        byte[] request = "request".getBytes(StandardCharsets.UTF_8);
        byte[] reply = "reply".getBytes(StandardCharsets.UTF_8);
        try (var pair = new ConnectedPair(provider, here, here, null, request, reply)) {
            assertArrayEquals(request, java.util.Arrays.copyOf(pair.toServer, request.length));
            assertArrayEquals(reply, java.util.Arrays.copyOf(pair.toClient, reply.length));
        }
    }

    @Test
    void sendsReadsAndWrites() throws IOException {
        try (var pair = new ConnectedPair(provider, here, here)) {
            pair.client.memory.set(ValueLayout.JAVA_LONG, 0, 0x1122334455667788L);
            pair.server.receive(4096, 100);
            boolean immediate = !provider.device(pair.client.context).isIwarp();
            int send = immediate ? IbvSendWR.IBV_WR_SEND_WITH_IMM : IbvSendWR.IBV_WR_SEND;
            pair.client.post(send, 0xcafebabe, 0, 8, 0, 0);
            IbvWC received = pair.server.nextGood();
            if (immediate) {
                assertEquals(0xcafebabe, received.getImm_data());
            }
            assertEquals(8, received.getByte_len());
            assertEquals(4096, received.getWr_id());
            assertEquals(0x1122334455667788L, pair.server.memory.get(ValueLayout.JAVA_LONG, 4096));
            pair.client.nextGood();
            pair.client.post(
                    IbvSendWR.IBV_WR_RDMA_READ,
                    0,
                    8,
                    8,
                    pair.server.region.getAddr() + 4096,
                    pair.server.region.getRkey());
            pair.client.nextGood();
            assertEquals(0x1122334455667788L, pair.client.memory.get(ValueLayout.JAVA_LONG, 8));
        }
    }
}
