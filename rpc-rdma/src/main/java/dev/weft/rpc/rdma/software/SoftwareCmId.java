package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import dev.weft.rpc.rdma.verbs.Owned;
import dev.weft.rpc.rdma.verbs.QpSettings;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A connection, a listener, or what becomes one. All fields are guarded by the lock of {@link Connections}. */
final class SoftwareCmId extends RdmaCmId implements Owned {
    enum State {
        IDLE,
        BOUND,
        LISTENING,
        ADDRESS_RESOLVED,
        ROUTE_RESOLVED,
        CONNECTING,
        REQUESTED,
        CONNECTED,
        ENDED,
        DESTROYED
    }

    private final SoftwareEventChannel events;

    State state = State.IDLE;

    @Nullable
    SoftwareContext context;

    @Nullable
    SoftwareQp queuePair;

    @Nullable
    InetSocketAddress source;

    @Nullable
    InetSocketAddress destination;

    @Nullable
    QpSettings settings;

    /** What it wants of its peer; since {@code connect} or {@code accept}. */
    @Nullable
    ConnectData wanted;

    /** Of one that was requested: what the peer wants. */
    @Nullable
    ConnectData requested;

    /** The other end, as far as it is in this process. */
    @Nullable
    SoftwareCmId peer;

    /** The connection to the other end, as far as that is in another process. */
    @Nullable
    SocketLink link;

    /** The queue pair of the other end, as far as that is in another process. */
    int peerQueuePair;

    /** The listener that has not accepted it yet. */
    @Nullable
    SoftwareCmId listener;

    /** How many requests a listener has that it has not accepted yet, and how many there may be. */
    int waiting;

    int backlog;

    /** When the last message for it arrives, if messages are delayed; they keep their order. */
    long dueNanos;

    SoftwareCmId(SoftwareEventChannel events, short portSpace) throws IOException {
        super(events, null);
        this.events = events;
        this.ps = portSpace;
    }

    @Override
    public VerbsProvider owner() {
        return events.provider();
    }

    SoftwareVerbsProvider provider() {
        return events.provider();
    }

    SoftwareEventChannel events() {
        return events;
    }

    void setContext(SoftwareContext chosen) {
        context = chosen;
        setVerbs(chosen);
        setPort_num((byte) 1);
    }

    void setQueuePair(@Nullable SoftwareQp qp) {
        queuePair = qp;
        setQp(qp);
    }

    void post(EventType type, int status, @Nullable ConnectData data) {
        events.put(SoftwareCmEvent.of(type, this, status, data));
    }

    /** The name of the state in an exception that says that it must be another one. */
    IOException wrongState(String verb) {
        return Errno.EINVAL.because(verb + " on an id that is " + state);
    }

    void end() {
        state = State.DESTROYED;
        isOpen = false;
    }
}
