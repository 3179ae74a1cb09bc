package dev.weft.rpc.rdma.verbs;

import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;

/** Hands each call to the connection manager that the object of the call belongs to. */
final class DispatchingCm extends RdmaCm {
    private final DisniProvider provider;

    DispatchingCm(DisniProvider provider) {
        this.provider = provider;
    }

    @Override
    public RdmaEventChannel createEventChannel() throws IOException {
        return provider.defaultCm().createEventChannel();
    }

    @Override
    public RdmaCmId createId(RdmaEventChannel eventChannel, short portSpace) throws IOException {
        return provider.cm(eventChannel).createId(eventChannel, portSpace);
    }

    @Override
    public IbvQP createQP(RdmaCmId id, IbvPd pd, IbvQPInitAttr attributes) throws IOException {
        return provider.cm(id).createQP(id, pd, attributes);
    }

    @Override
    public void bindAddr(RdmaCmId id, SocketAddress address) throws IOException {
        provider.cm(id).bindAddr(id, address);
    }

    @Override
    public void listen(RdmaCmId id, int backlog) throws IOException {
        provider.cm(id).listen(id, backlog);
    }

    @Override
    public void resolveAddr(RdmaCmId id, SocketAddress source, SocketAddress destination, int timeoutMillis)
            throws IOException {
        provider.cm(id).resolveAddr(id, source, destination, timeoutMillis);
    }

    @Override
    public void resolveRoute(RdmaCmId id, int timeoutMillis) throws IOException {
        provider.cm(id).resolveRoute(id, timeoutMillis);
    }

    @Override
    public RdmaCmEvent getCmEvent(RdmaEventChannel eventChannel, int timeoutMillis) throws IOException {
        return provider.cm(eventChannel).getCmEvent(eventChannel, timeoutMillis);
    }

    @Override
    public void connect(RdmaCmId id, RdmaConnParam parameters) throws IOException {
        provider.cm(id).connect(id, parameters);
    }

    @Override
    public void accept(RdmaCmId id, RdmaConnParam parameters) throws IOException {
        provider.cm(id).accept(id, parameters);
    }

    @Override
    public int ackCmEvent(RdmaCmEvent event) {
        try {
            return provider.cm(event).ackCmEvent(event);
        } catch (IOException e) {
            throw new UncheckedIOException("an event of a library that is not loaded", e);
        }
    }

    @Override
    public int disconnect(RdmaCmId id) throws IOException {
        return provider.cm(id).disconnect(id);
    }

    @Override
    public int destroyEventChannel(RdmaEventChannel eventChannel) throws IOException {
        return provider.cm(eventChannel).destroyEventChannel(eventChannel);
    }

    @Override
    public int destroyCmId(RdmaCmId id) throws IOException {
        return provider.cm(id).destroyCmId(id);
    }

    @Override
    public int destroyQP(RdmaCmId id) throws IOException {
        return provider.cm(id).destroyQP(id);
    }

    @Override
    public SocketAddress getSrcAddr(RdmaCmId id) throws IOException {
        return provider.cm(id).getSrcAddr(id);
    }

    @Override
    public SocketAddress getDstAddr(RdmaCmId id) throws IOException {
        return provider.cm(id).getDstAddr(id);
    }

    @Override
    public int destroyEp(RdmaCmId id) throws IOException {
        return provider.cm(id).destroyEp(id);
    }
}
