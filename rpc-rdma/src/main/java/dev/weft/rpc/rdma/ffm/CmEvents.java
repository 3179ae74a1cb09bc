package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.RdmaConnParam;
import dev.weft.rpc.rdma.ffm.Layouts.CmEvent;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Turns the library's events into DiSNI's, which are about objects. */
final class CmEvents {
    // Of enum rdma_cm_event_type.
    private static final int CONNECT_REQUEST = 4;
    private static final int CONNECT_RESPONSE = 5;
    private static final int CONNECT_ERROR = 6;
    private static final int ESTABLISHED = 9;
    private static final int DISCONNECTED = 10;

    private final FfmVerbsProvider provider;
    private final Contexts contexts;
    private final Map<Long, FfmCmId> ids = new ConcurrentHashMap<>();

    CmEvents(FfmVerbsProvider provider, Contexts contexts) {
        this.provider = provider;
        this.contexts = contexts;
    }

    FfmCmId added(FfmEventChannel eventChannel, long address, @Nullable RdmaConnParam offer) throws IOException {
        var id = new FfmCmId(provider, contexts, eventChannel, address, offer);
        ids.put(address, id);
        return id;
    }

    /** Before the library destroys it: from then on its address may be that of another one. */
    void remove(FfmCmId id) {
        ids.remove(id.address, id);
    }

    @Nullable
    FfmCmEvent next(FfmEventChannel eventChannel, int timeoutMillis) throws IOException {
        long event = eventChannel.takeEvent(timeoutMillis);
        return event == 0 ? null : wrap(eventChannel, event);
    }

    private @Nullable FfmCmEvent wrap(FfmEventChannel eventChannel, long event) throws IOException {
        int kind = Memory.getInt(event + CmEvent.EVENT);
        int status = Memory.getInt(event + CmEvent.STATUS);
        long address = Memory.getLong(event + CmEvent.ID);
        var parameters = new PeerParams(event + CmEvent.CONN);
        FfmCmId id = kind == CONNECT_REQUEST ? added(eventChannel, address, parameters) : ids.get(address);
        if (id == null) {
            // Another thread is about to destroy it, and waits for this.
            Rdmacm.ACK_CM_EVENT.call(event);
            return null;
        }
        FfmQp qp = id.queuePair();
        if (kind == DISCONNECTED && qp != null) {
            qp.ended();
        }
        QpTransitions transitions = id.transitions();
        if (kind == CONNECT_RESPONSE && transitions != null) {
            status = establish(id, transitions);
            kind = status == 0 ? ESTABLISHED : CONNECT_ERROR;
        }
        FfmCmId listening = ids.get(Memory.getLong(event + CmEvent.LISTEN_ID));
        return new FfmCmEvent(provider, event, kind, status, listening, id, parameters);
    }

    /** What the library does for queue pairs that it knows. */
    private static int establish(FfmCmId id, QpTransitions transitions) throws IOException {
        try {
            transitions.toReady(null);
            Rdmacm.ESTABLISH.call(id.address);
            return 0;
        } catch (NativeException e) {
            return -e.errno();
        }
    }
}
