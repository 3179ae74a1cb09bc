package dev.weft.rpc.rdma.ffm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaEventChannel;
import dev.weft.rpc.rdma.verbs.VerbsEnd;
import dev.weft.rpc.rdma.verbs.VerbsFixture;
import dev.weft.rpc.rdma.verbs.VerbsPair;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the contract of the verbs does not ask for. */
@Tag("rdma")
@Timeout(60)
class FfmVerbsProviderTest {
    private VerbsFixture fixture;

    @BeforeEach
    void open() throws IOException {
        Lab.requireDevice();
        fixture = Lab.fixture();
    }

    @AfterEach
    void close() {
        if (fixture != null) {
            fixture.server().close();
        }
    }

    @Test
    void givesThePeerAReasonWhenItRejects() throws Exception {
        byte[] reason = "full up".getBytes(StandardCharsets.UTF_8);
        RdmaEventChannel listening = fixture.server().cm().createEventChannel();
        RdmaEventChannel connecting = fixture.client().cm().createEventChannel();
        RdmaCmId listener = VerbsPair.listen(listening, fixture.address());
        RdmaCmId id = VerbsPair.resolve(connecting, fixture.source(), listener.getSource());
        try (VerbsEnd client = new VerbsEnd(fixture.client(), connecting, true, id);
                Arena arena = Arena.ofConfined()) {
            client.id.connect(VerbsEnd.param(MemorySegment.NULL));
            RdmaCmEvent asked = VerbsEnd.expect(listening, EventType.RDMA_CM_EVENT_CONNECT_REQUEST);
            RdmaCmId refused = asked.getConnIdPriv();
            asked.ackEvent();
            MemorySegment data = arena.allocate(reason.length);
            data.copyFrom(MemorySegment.ofArray(reason));
            fixture.server().reject(refused, data);
            refused.destroyId();
            RdmaCmEvent rejected = VerbsEnd.expect(connecting, EventType.RDMA_CM_EVENT_REJECTED);
            assertArrayEquals(reason, Arrays.copyOf(VerbsPair.privateData(rejected), reason.length));
            rejected.ackEvent();
        }
        listener.destroyId();
        listening.destroyEventChannel();
    }

    @Test
    void doesNotMindWhichQueueOfAChannelIsAcknowledged() throws Exception {
        try (VerbsPair pair = new VerbsPair(fixture)) {
            IbvCQ other = pair.server.id.getVerbs().createCQ(pair.server.wakeups, 4, 0);
            pair.server.receive(1, 0, 100);
            pair.server.cq.reqNotification(false).execute().free();
            other.reqNotification(false).execute().free();
            pair.client.send(2, 0, 10);
            assertTrue(pair.server.wakeups.getCqEvent(other, VerbsEnd.EVENT_MILLIS));
            // The event was of the other queue. C would count wrongly for both, and wait for ever when they are
            // destroyed.
            other.ackEvents(1);
            pair.server.success(1);
            pair.client.success(2);
            assertEquals(0, other.destroyCQ());
        }
    }

    @Test
    void endsAChannelWithItsLastQueue() throws Exception {
        IbvContext context =
                fixture.server().open(fixture.server().devices().getFirst().name());
        IbvCompChannel completions = context.createCompChannel();
        IbvCQ queue = context.createCQ(completions, 4, 0);
        assertEquals(0, completions.destroyCompChannel());
        assertThrows(IOException.class, () -> completions.getCqEvent(queue, 1));
        assertEquals(0, queue.destroyCQ());
    }

    @Test
    void saysWhichFunctionFailedAndWhy() throws Exception {
        RdmaEventChannel events = fixture.server().cm().createEventChannel();
        RdmaCmId id = events.createId(RdmaCm.RDMA_PS_TCP);
        var nowhere = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 0);
        var failed = assertThrows(IOException.class, () -> id.bindAddr(nowhere));
        assertEquals(
                "/192.0.2.1:0: rdma_bind_addr failed: Cannot assign requested address (errno 99)", failed.getMessage());
        id.destroyId();
        events.destroyEventChannel();
    }

    @Test
    void registersLargePiecesOfMemory() throws Exception {
        IbvContext context =
                fixture.server().open(fixture.server().devices().getFirst().name());
        IbvPd pd = context.allocPd();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(256L << 20);
            IbvMr region = fixture.server().register(pd, memory, VerbsEnd.ACCESS_ALL);
            assertEquals(256 << 20, region.getLength());
            region.deregMr().execute().free();
        }
        pd.deallocPd();
    }

    @Test
    void refusesUseOfWhatIsClosed() throws Exception {
        VerbsPair pair = new VerbsPair(fixture);
        pair.close();
        assertThrows(IOException.class, () -> pair.client.send(1, 0, 10));
        assertThrows(IOException.class, () -> pair.client.receive(1, 0, 10));
        assertThrows(IOException.class, pair.client::completion);
        assertThrows(IOException.class, () -> pair.client.id.disconnect());
        assertThrows(IOException.class, () -> pair.client.id.getSource());
        assertEquals(0, pair.client.id.destroyId());
    }
}
