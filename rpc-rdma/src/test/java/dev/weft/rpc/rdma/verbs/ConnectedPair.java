package dev.weft.rpc.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Two queue pairs of one process that are connected to each other. */
public final class ConnectedPair implements AutoCloseable {
    private static final int WAIT_MILLIS = 10_000;

    public final VerbsProvider provider;
    public final End client;
    public final End server;

    /** What each end got from the other when they connected. */
    public final byte[] toServer;

    public final byte[] toClient;

    private final RdmaEventChannel clientEvents;
    private final RdmaEventChannel serverEvents;
    private final RdmaCmId listener;

    public ConnectedPair(VerbsProvider provider, InetAddress from, InetAddress to) throws IOException {
        this(provider, from, to, null, new byte[0], new byte[0]);
    }

    /** Gives each end what the other one says in {@code request} and {@code reply}. */
    public ConnectedPair(
            VerbsProvider provider,
            InetAddress from,
            InetAddress to,
            @Nullable QpSettings settings,
            byte[] request,
            byte[] reply)
            throws IOException {
        this.provider = provider;
        RdmaCm cm = provider.cm();
        serverEvents = cm.createEventChannel();
        listener = cm.createId(serverEvents, RdmaCm.RDMA_PS_TCP);
        listener.bindAddr(new InetSocketAddress(to, 0));
        listener.listen(8);
        clientEvents = cm.createEventChannel();
        RdmaCmId id = cm.createId(clientEvents, RdmaCm.RDMA_PS_TCP);
        if (settings != null) {
            provider.configure(id, settings);
        }
        int port = ((InetSocketAddress) listener.getSource()).getPort();
        id.resolveAddr(new InetSocketAddress(from, 0), new InetSocketAddress(to, port), WAIT_MILLIS);
        expect(clientEvents, EventType.RDMA_CM_EVENT_ADDR_RESOLVED).ackEvent();
        id.resolveRoute(WAIT_MILLIS);
        expect(clientEvents, EventType.RDMA_CM_EVENT_ROUTE_RESOLVED).ackEvent();
        client = new End(provider, id);
        try (Arena arena = Arena.ofConfined()) {
            id.connect(parameters(request, arena));
            RdmaCmEvent asked = expect(serverEvents, EventType.RDMA_CM_EVENT_CONNECT_REQUEST);
            toServer = privateData(asked);
            RdmaCmId accepted = asked.getConnIdPriv();
            asked.ackEvent();
            if (settings != null) {
                provider.configure(accepted, settings);
            }
            server = new End(provider, accepted);
            accepted.accept(parameters(reply, arena));
        }
        RdmaCmEvent established = expect(clientEvents, EventType.RDMA_CM_EVENT_ESTABLISHED);
        toClient = privateData(established);
        established.ackEvent();
        expect(serverEvents, EventType.RDMA_CM_EVENT_ESTABLISHED).ackEvent();
    }

    public RdmaCmEvent expectAtServer(EventType kind) throws IOException {
        return expect(serverEvents, kind);
    }

    public RdmaCmEvent expectAtClient(EventType kind) throws IOException {
        return expect(clientEvents, kind);
    }

    // DiSNI's enum is in the order of C's; it has no other way from the number to the name.
    @SuppressWarnings("EnumOrdinal")
    private static RdmaCmEvent expect(RdmaEventChannel events, EventType kind) throws IOException {
        RdmaCmEvent event = events.getCmEvent(WAIT_MILLIS);
        assertNotNull(event, "no event in time, expected " + kind);
        assertEquals(kind, EventType.values()[event.getEvent()], () -> "status " + event.getStatus());
        return event;
    }

    public static RdmaConnParam parameters(byte[] privateData, Arena arena) throws IOException {
        var parameters = new RdmaConnParam();
        parameters.setRetry_count((byte) 7);
        parameters.setRnr_retry_count((byte) 7);
        if (privateData.length > 0) {
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, privateData);
            parameters.setPrivate_data(memory.address());
            parameters.setPrivate_data_len((byte) privateData.length);
        }
        return parameters;
    }

    @SuppressWarnings("restricted")
    public static byte[] privateData(RdmaCmEvent event) {
        RdmaConnParam parameters = event.getConn();
        int length = Byte.toUnsignedInt(parameters.getPrivate_data_len());
        return MemorySegment.ofAddress(parameters.getPrivate_data())
                .reinterpret(length)
                .toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public void close() throws IOException {
        client.disconnect();
        server.disconnect();
        client.close();
        server.close();
        listener.destroyId();
        clientEvents.destroyEventChannel();
        serverEvents.destroyEventChannel();
    }
}
