package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import dev.weft.rpc.rdma.ffm.Layouts.CmId;
import dev.weft.rpc.rdma.ffm.Layouts.ConnParam;
import dev.weft.rpc.rdma.verbs.QpSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** DiSNI's connection manager on librdmacm. */
final class FfmCm extends RdmaCm {
    private final FfmVerbsProvider provider;
    private final QueuePairs queuePairs;
    private final CmEvents events;

    FfmCm(FfmVerbsProvider provider, Contexts contexts) {
        this.provider = provider;
        queuePairs = new QueuePairs(provider);
        events = new CmEvents(provider, contexts);
    }

    @Override
    public RdmaEventChannel createEventChannel() throws IOException {
        return FfmEventChannel.create(provider);
    }

    @Override
    public int destroyEventChannel(RdmaEventChannel eventChannel) throws IOException {
        provider.own(FfmEventChannel.class, eventChannel).destroy();
        return 0;
    }

    @Override
    public RdmaCmId createId(RdmaEventChannel eventChannel, short portSpace) throws IOException {
        FfmEventChannel ours = provider.own(FfmEventChannel.class, eventChannel);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment id = arena.allocate(ValueLayout.JAVA_LONG);
            Rdmacm.CREATE_ID.call(ours.address, id.address(), 0, portSpace);
            return events.added(ours, id.get(ValueLayout.JAVA_LONG, 0), null);
        }
    }

    @Override
    public int destroyCmId(RdmaCmId id) throws IOException {
        FfmCmId ours = provider.own(FfmCmId.class, id);
        if (ours.isOpen()) {
            events.remove(ours);
            ours.close();
            Rdmacm.DESTROY_ID.call(ours.address);
        }
        return 0;
    }

    @Override
    public IbvQP createQP(RdmaCmId id, IbvPd pd, IbvQPInitAttr attributes) throws IOException {
        return queuePairs.create(open(id), provider.own(FfmPd.class, pd), attributes);
    }

    @Override
    public int destroyQP(RdmaCmId id) throws IOException {
        QueuePairs.destroy(open(id));
        return 0;
    }

    @Override
    public int destroyEp(RdmaCmId id) throws IOException {
        if (id.isOpen()) {
            destroyQP(id);
            destroyCmId(id);
        }
        return 0;
    }

    @Override
    public void bindAddr(RdmaCmId id, SocketAddress address) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            Rdmacm.BIND_ADDR.call(
                    open(id).address, SocketAddresses.encode(address, arena).address());
        } catch (NativeException e) {
            throw new IOException(address + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void listen(RdmaCmId id, int backlog) throws IOException {
        Rdmacm.LISTEN.call(open(id).address, backlog);
    }

    @Override
    public void resolveAddr(RdmaCmId id, @Nullable SocketAddress source, SocketAddress destination, int timeoutMillis)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long from =
                    source == null ? 0 : SocketAddresses.encode(source, arena).address();
            long to = SocketAddresses.encode(destination, arena).address();
            Rdmacm.RESOLVE_ADDR.call(open(id).address, from, to, timeoutMillis);
        } catch (NativeException e) {
            throw new IOException(source + " to " + destination + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void resolveRoute(RdmaCmId id, int timeoutMillis) throws IOException {
        Rdmacm.RESOLVE_ROUTE.call(open(id).address, timeoutMillis);
    }

    /** Null after {@code timeoutMillis}. */
    @Override
    public @Nullable RdmaCmEvent getCmEvent(RdmaEventChannel eventChannel, int timeoutMillis) throws IOException {
        return events.next(provider.own(FfmEventChannel.class, eventChannel), timeoutMillis);
    }

    @Override
    public int ackCmEvent(RdmaCmEvent event) {
        try {
            provider.own(FfmCmEvent.class, event).acknowledge();
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void connect(RdmaCmId id, RdmaConnParam parameters) throws IOException {
        FfmCmId ours = open(id);
        try (Arena arena = Arena.ofConfined()) {
            Rdmacm.CONNECT.call(ours.address, encode(ours, parameters, arena).address());
        }
    }

    @Override
    public void accept(RdmaCmId id, RdmaConnParam parameters) throws IOException {
        FfmCmId ours = open(id);
        QpTransitions transitions = ours.transitions();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment encoded = encode(ours, parameters, arena);
            if (transitions != null) {
                transitions.toReady(encoded);
            }
            Rdmacm.ACCEPT.call(ours.address, encoded.address());
        }
    }

    void reject(RdmaCmId id, MemorySegment privateData) throws IOException {
        Rdmacm.REJECT.call(open(id).address, privateData.address(), privateData.byteSize());
    }

    private static MemorySegment encode(FfmCmId id, RdmaConnParam parameters, Arena arena) throws IOException {
        MemorySegment encoded = ConnParams.encode(parameters, arena);
        QpSettings settings = id.settings();
        FfmContext context = id.ffmContext();
        if (settings != null && context != null) {
            Settings.apply(settings, id, context, encoded);
        }
        FfmQp qp = id.queuePair();
        if (qp != null) {
            encoded.set(ValueLayout.JAVA_INT, ConnParam.QP_NUM, qp.getQp_num());
        }
        return encoded;
    }

    /** Everything that was posted completes, with an error if need be, also if the peer has disconnected already. */
    @Override
    public int disconnect(RdmaCmId id) throws IOException {
        FfmCmId ours = open(id);
        FfmQp qp = ours.queuePair();
        if (qp != null) {
            qp.ended();
        }
        int errno = Rdmacm.DISCONNECT.attempt(ours.address);
        if (qp != null) {
            QpTransitions.toError(qp);
        }
        return errno;
    }

    @Override
    public SocketAddress getSrcAddr(RdmaCmId id) throws IOException {
        return SocketAddresses.decode(open(id).address + CmId.SRC_ADDR);
    }

    @Override
    public SocketAddress getDstAddr(RdmaCmId id) throws IOException {
        return SocketAddresses.decode(open(id).address + CmId.DST_ADDR);
    }

    private FfmCmId open(RdmaCmId id) throws IOException {
        FfmCmId ours = provider.own(FfmCmId.class, id);
        ours.requireOpen();
        return ours;
    }
}
