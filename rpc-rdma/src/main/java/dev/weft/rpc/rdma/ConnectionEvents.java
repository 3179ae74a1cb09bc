package dev.weft.rpc.rdma;

import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import dev.weft.rpc.Clock;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** The connection manager's event channel, and the thread that hands its events to whom they are for. */
final class ConnectionEvents implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.weft.rpc.rdma");

    /** By the number that an event has. */
    private static final List<EventType> TYPES = List.of(EventType.values());

    /** The thread looks up this often, and more often where it cannot be woken. */
    private static final int WAIT_MILLIS = 1000;

    private static final int WAIT_MILLIS_UNWOKEN = 50;

    /**
     * Something that happened to an id.
     *
     * @param id that it happened to; for a connect request the new one
     * @param status 0, or an error number or reason
     * @param data what the peer sent along; may be longer than what it gave
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Event(EventType type, RdmaCmId id, int status, byte[] data) {}

    /** Takes events; must not block. */
    @FunctionalInterface
    interface Listener {
        void onEvent(Event event);
    }

    private final VerbsProvider provider;
    private final RdmaEventChannel channel;
    private final ConcurrentHashMap<RdmaCmId, Listener> listeners = new ConcurrentHashMap<>();
    private final Clock clock;
    private final Thread thread;
    private volatile boolean closing;

    ConnectionEvents(VerbsProvider provider, Clock clock) throws IOException {
        this.provider = provider;
        this.clock = clock;
        this.channel = provider.cm().createEventChannel();
        this.thread = provider.thread("weft-rdma-cm", this::run);
        thread.start();
    }

    /** A new id, whose events go to {@code listener}. */
    RdmaCmId newId(Listener listener) throws IOException {
        RdmaCmId id = channel.createId(RdmaCm.RDMA_PS_TCP);
        listeners.put(id, listener);
        return id;
    }

    /** Has events of {@code id} go to {@code listener} from now on. */
    void listen(RdmaCmId id, Listener listener) {
        listeners.put(id, listener);
    }

    /** The id is about to be destroyed. */
    void forget(RdmaCmId id) {
        listeners.remove(id);
    }

    private void run() {
        int waitMillis = provider.canWake() ? WAIT_MILLIS : WAIT_MILLIS_UNWOKEN;
        while (!closing) {
            try {
                RdmaCmEvent event = channel.getCmEvent(waitMillis);
                if (event != null) {
                    dispatch(event);
                }
            } catch (IOException | RuntimeException e) {
                LOG.log(closing ? Level.DEBUG : Level.ERROR, "waiting for events of connections", e);
                clock.parkUntil(this, clock.nanoTime() + 10_000_000);
            }
        }
    }

    private void dispatch(RdmaCmEvent event) throws IOException {
        EventType type = TYPES.get(event.getEvent());
        RdmaCmId id = event.getConnIdPriv();
        RdmaCmId to = type == EventType.RDMA_CM_EVENT_CONNECT_REQUEST ? event.getListenIdPriv() : id;
        Event copy = new Event(type, id, event.getStatus(), data(event.getConn()));
        event.ackEvent();
        Listener listener = listeners.get(to);
        if (listener != null) {
            listener.onEvent(copy);
        }
    }

    @SuppressWarnings("restricted") // the connection manager's own memory, until the event is acknowledged
    private static byte[] data(RdmaConnParam param) {
        int length = param == null ? 0 : param.getPrivate_data_len() & 0xFF;
        if (length == 0 || param.getPrivate_data() == 0) {
            return new byte[0];
        }
        return MemorySegment.ofAddress(param.getPrivate_data())
                .reinterpret(length)
                .toArray(ValueLayout.JAVA_BYTE);
    }

    /** Ends the thread; all ids have been destroyed. */
    @Override
    public void close() {
        closing = true;
        try {
            provider.wake(channel);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "waking the thread of connection events", e);
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            clock.parkUntil(this, clock.nanoTime() + 1_000_000);
            interrupted |= Thread.interrupted();
        }
        try {
            channel.destroyEventChannel();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "destroying the event channel", e);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
