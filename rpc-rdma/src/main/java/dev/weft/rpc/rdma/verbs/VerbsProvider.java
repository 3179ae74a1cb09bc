package dev.weft.rpc.rdma.verbs;

import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaEventChannel;
import com.ibm.disni.verbs.RdmaVerbs;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;

/**
 * One implementation of the verbs. Thread-safe, as the verbs are; a {@link SendChain} or {@link RecvChain} is for one
 * thread at a time.
 *
 * <p>Objects of one provider must not be given to another one. All providers of a process can live side by side.
 */
public interface VerbsProvider extends AutoCloseable {
    /** {@code ffm}, {@code software} or {@code libdisni}. */
    String name();

    /** DiSNI's verbs: protection domains, completion queues, memory regions, posting, polling. */
    RdmaVerbs verbs();

    /** DiSNI's connection manager. */
    RdmaCm cm();

    /** The devices that can be used now, with what they are and what they can do; empty if there are none. */
    List<Device> devices() throws IOException;

    /** The device behind a context that the connection manager chose. */
    Device device(IbvContext context) throws IOException;

    /** The name of that device; cheaper where the provider knows it. */
    default String deviceName(IbvContext context) throws IOException {
        return device(context).name();
    }

    /** The context of the device with this name: the same that the connection manager uses for its connections. */
    IbvContext open(String deviceName) throws IOException;

    /**
     * Sets what connections of {@code id} are to be like; before the address is resolved, or before the connection is
     * accepted.
     *
     * @throws IOException if the provider or the device cannot do it; says which setting
     */
    void configure(RdmaCmId id, QpSettings settings) throws IOException;

    /**
     * Refuses a connection that a peer has asked for; the caller destroys {@code id}, which alone would refuse it too.
     *
     * @param privateData reaches the peer in its event; at most 148 bytes
     */
    default void reject(RdmaCmId id, MemorySegment privateData) throws IOException {
        throw new IOException(name() + " cannot give a reason when it refuses a connection");
    }

    /** Registers memory of any size; {@code access} as in {@link IbvMr}. The caller deregisters it. */
    IbvMr register(IbvPd pd, MemorySegment memory, int access) throws IOException;

    /** Work requests that can be filled and posted again and again without allocating. The caller frees the chain. */
    SendChain sendChain(IbvQP qp, int maxRequests, int maxSge) throws IOException;

    /** Receive requests of one piece of memory each, likewise. */
    RecvChain recvChain(IbvQP qp, int maxRequests) throws IOException;

    /**
     * Has {@code listener} called with each event of the device, on a thread of the provider: it must not block. Closing
     * the result ends it.
     */
    Subscription onEvent(IbvContext context, Consumer<DeviceEvent> listener) throws IOException;

    /** Whether {@link #wake} does anything; if not, a thread that waits for events has to look up by itself. */
    default boolean canWake() {
        return false;
    }

    /** Has a thread that waits for an event of a channel return without one: the one that does, or else the next one. */
    default void wake(IbvCompChannel channel) throws IOException {}

    /** The same for the events of connections. */
    default void wake(RdmaEventChannel channel) throws IOException {}

    /** An unstarted daemon thread that may call verbs that wait: a platform thread if the verbs are native. */
    Thread thread(String name, Runnable body);

    /** Frees everything that the provider itself holds. What was made through it must have been closed before. */
    @Override
    void close();

    /** Calls that go on until it is closed. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
