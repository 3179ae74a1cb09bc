package dev.weft.rpc.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaEventChannel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;

/** A listener, and both ends of a connection to it, made step by step on one thread. */
public final class VerbsPair implements AutoCloseable {
    public final RdmaEventChannel listening;
    public final RdmaCmId listener;
    public final VerbsEnd client;
    public final VerbsEnd server;

    /** What came with the request and with the reply. */
    public final byte[] requestData;

    public final byte[] replyData;

    public VerbsPair(VerbsFixture fixture) throws IOException {
        this(fixture, 0);
    }

    public VerbsPair(VerbsFixture fixture, int rnrRetries) throws IOException {
        this(fixture, fixture.address(), MemorySegment.NULL, MemorySegment.NULL, rnrRetries);
    }

    /** Both ends are configured before they connect. */
    public VerbsPair(VerbsFixture fixture, QpSettings settings) throws IOException {
        this(fixture, fixture.address(), MemorySegment.NULL, MemorySegment.NULL, 0, Optional.of(settings));
    }

    public VerbsPair(
            VerbsFixture fixture, InetAddress address, MemorySegment request, MemorySegment reply, int rnrRetries)
            throws IOException {
        this(fixture, address, request, reply, rnrRetries, Optional.empty());
    }

    private VerbsPair(
            VerbsFixture fixture,
            InetAddress address,
            MemorySegment request,
            MemorySegment reply,
            int rnrRetries,
            Optional<QpSettings> settings)
            throws IOException {
        listening = fixture.server().cm().createEventChannel();
        listener = listen(listening, address);
        RdmaEventChannel connecting = fixture.client().cm().createEventChannel();
        Optional<InetAddress> source = address.equals(fixture.address()) ? fixture.source() : Optional.empty();
        RdmaCmId id = connecting.createId(RdmaCm.RDMA_PS_TCP);
        if (settings.isPresent()) {
            fixture.client().configure(id, settings.get());
        }
        resolve(connecting, id, source, listener.getSource());
        client = new VerbsEnd(fixture.client(), connecting, true, id);
        client.id.connect(VerbsEnd.param(request, rnrRetries));
        RdmaCmEvent asked = VerbsEnd.expect(listening, EventType.RDMA_CM_EVENT_CONNECT_REQUEST);
        requestData = privateData(asked);
        if (settings.isPresent()) {
            fixture.server().configure(asked.getConnIdPriv(), settings.get());
        }
        server = new VerbsEnd(fixture.server(), listening, false, asked.getConnIdPriv());
        asked.ackEvent();
        server.id.accept(VerbsEnd.param(reply, rnrRetries));
        RdmaCmEvent established = VerbsEnd.expect(connecting, EventType.RDMA_CM_EVENT_ESTABLISHED);
        replyData = privateData(established);
        established.ackEvent();
        server.expectEvent(EventType.RDMA_CM_EVENT_ESTABLISHED);
    }

    public static RdmaCmId listen(RdmaEventChannel channel, InetAddress address) throws IOException {
        RdmaCmId listener = channel.createId(RdmaCm.RDMA_PS_TCP);
        listener.bindAddr(new InetSocketAddress(address, 0));
        listener.listen(8);
        return listener;
    }

    /** An id with device and route. */
    public static RdmaCmId resolve(RdmaEventChannel channel, Optional<InetAddress> source, SocketAddress destination)
            throws IOException {
        RdmaCmId id = channel.createId(RdmaCm.RDMA_PS_TCP);
        resolve(channel, id, source, destination);
        return id;
    }

    private static void resolve(
            RdmaEventChannel channel, RdmaCmId id, Optional<InetAddress> source, SocketAddress destination)
            throws IOException {
        id.resolveAddr(source.map(address -> new InetSocketAddress(address, 0)).orElse(null), destination, 2000);
        VerbsEnd.expect(channel, EventType.RDMA_CM_EVENT_ADDR_RESOLVED).ackEvent();
        id.resolveRoute(2000);
        VerbsEnd.expect(channel, EventType.RDMA_CM_EVENT_ROUTE_RESOLVED).ackEvent();
    }

    @SuppressWarnings("restricted") // DiSNI gives an address
    public static byte[] privateData(RdmaCmEvent event) {
        int length = Byte.toUnsignedInt(event.getConn().getPrivate_data_len());
        byte[] data = new byte[length];
        if (length > 0) {
            MemorySegment.copy(
                    MemorySegment.ofAddress(event.getConn().getPrivate_data()).reinterpret(length),
                    0,
                    MemorySegment.ofArray(data),
                    0,
                    length);
        }
        return data;
    }

    /** Has both ends sleep while they wait for completions. */
    public VerbsPair sleeping() {
        client.sleeps = true;
        server.sleeps = true;
        return this;
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
        assertEquals(0, listener.destroyId());
        listening.destroyEventChannel();
    }
}
