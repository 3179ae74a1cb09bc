package dev.weft.rpc.rdma;

import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import dev.weft.rpc.Clock;
import dev.weft.rpc.rdma.verbs.Device;
import dev.weft.rpc.rdma.verbs.DeviceEvent;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import dev.weft.rpc.rdma.verbs.VerbsProvider.Subscription;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/** A device as one transport uses it: protection domain, poller, and the memory registered there. */
final class OpenDevice {
    private static final System.Logger LOG = System.getLogger("dev.weft.rpc.rdma");

    /** All that a peer or the process itself may do with registered memory; iWARP's reads need remote write. */
    static final int ACCESS =
            IbvMr.IBV_ACCESS_LOCAL_WRITE | IbvMr.IBV_ACCESS_REMOTE_WRITE | IbvMr.IBV_ACCESS_REMOTE_READ;

    /** Completions that one poller's queue can hold, where the device allows it: some hundred rails. */
    private static final int COMPLETIONS_WANTED = 1 << 16;

    private final Device info;
    private final int ordinal;
    private final IbvPd pd;
    private final CompletionPoller poller;
    private final Thread pollerThread;
    private final Subscription events;
    private final RegisteredMemory memory;
    private final boolean immediateData;
    private final AtomicBoolean lost = new AtomicBoolean();

    /**
     * Opens a device.
     *
     * @param ordinal by which the peers know it; never used again for another one
     */
    OpenDevice(
            IbvContext context,
            int ordinal,
            VerbsProvider provider,
            Clock clock,
            RdmaCounters counters,
            BiConsumer<OpenDevice, DeviceEvent> onEvent)
            throws IOException {
        this.info = provider.device(context);
        this.ordinal = ordinal;
        this.pd = context.allocPd();
        this.poller = new CompletionPoller(
                provider,
                context,
                Math.min(COMPLETIONS_WANTED, info.maxCompletions() - 1),
                clock,
                counters,
                () -> onEvent.accept(this, new DeviceEvent(DeviceEvent.Kind.DEVICE_FATAL, 0)));
        this.memory = new RegisteredMemory(provider, pd, info.name());
        this.immediateData = info.ports().stream()
                .flatMap(port -> port.gids().stream())
                .noneMatch(gid -> gid.type().equals("iWARP"));
        this.pollerThread = provider.thread("weft-rdma-poll-" + info.name(), poller::run);
        pollerThread.start();
        this.events = provider.onEvent(context, event -> onEvent.accept(this, event));
    }

    Device info() {
        return info;
    }

    String name() {
        return info.name();
    }

    int ordinal() {
        return ordinal;
    }

    IbvPd pd() {
        return pd;
    }

    CompletionPoller poller() {
        return poller;
    }

    RegisteredMemory memory() {
        return memory;
    }

    /** Whether a message can carry 32 bits beside its memory; iWARP's cannot. */
    boolean immediateData() {
        return immediateData;
    }

    /** Nothing on the device completes any more; false if that was known. */
    boolean lose() {
        return lost.compareAndSet(false, true);
    }

    boolean isLost() {
        return lost.get();
    }

    /** Frees what it holds; all its queue pairs are gone. */
    void close() {
        events.close();
        memory.close();
        try {
            poller.close(pollerThread);
            pd.deallocPd();
        } catch (Exception e) { // DiSNI declares Exception
            LOG.log(isLost() ? Level.DEBUG : Level.WARNING, "closing device " + name(), e);
        }
    }
}
