package dev.weft.rpc.rdma.libdisni;

import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaProvider;
import com.ibm.disni.verbs.RdmaVerbs;
import dev.weft.rpc.rdma.verbs.Device;
import dev.weft.rpc.rdma.verbs.DeviceEvent;
import dev.weft.rpc.rdma.verbs.DisniProvider;
import dev.weft.rpc.rdma.verbs.QpSettings;
import dev.weft.rpc.rdma.verbs.RecvChain;
import dev.weft.rpc.rdma.verbs.SendChain;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;

/**
 * DiSNI's own native library, where it is on {@code java.library.path}. It can less than the others: posting allocates, there
 * are no settings of queue pairs and no events of devices, and of the devices little is known.
 */
public final class LibdisniVerbsProvider implements VerbsProvider {
    private final RdmaVerbs verbs;
    private final RdmaCm cm;

    /**
     * Loads the library.
     *
     * @throws IOException if it is not there
     */
    public LibdisniVerbsProvider() throws IOException {
        RdmaProvider stock = DisniProvider.stock();
        verbs = stock.openVerbs();
        cm = stock.openCm();
    }

    /** For tests without the library: over verbs that have nothing better. */
    LibdisniVerbsProvider(RdmaVerbs verbs, RdmaCm cm) {
        this.verbs = verbs;
        this.cm = cm;
    }

    /** Whether the library is there, and at least one device. */
    public static boolean available() {
        try (var provider = new LibdisniVerbsProvider()) {
            return !provider.devices().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public String name() {
        return "libdisni";
    }

    @Override
    public RdmaVerbs verbs() {
        return verbs;
    }

    @Override
    public RdmaCm cm() {
        return cm;
    }

    @Override
    public List<Device> devices() throws IOException {
        return BoundDevices.find(cm).stream().map(BoundDevices.Found::device).toList();
    }

    @Override
    public Device device(IbvContext context) throws IOException {
        for (BoundDevices.Found found : BoundDevices.find(cm)) {
            if (found.context().getCmd_fd() == context.getCmd_fd()) {
                return found.device();
            }
        }
        throw new IOException("no address of this machine belongs to the device of the context");
    }

    @Override
    public IbvContext open(String deviceName) throws IOException {
        List<BoundDevices.Found> all = BoundDevices.find(cm);
        for (BoundDevices.Found found : all) {
            if (found.device().name().equals(deviceName)) {
                return found.context();
            }
        }
        throw new IOException("there is no RDMA device at the interface " + deviceName + "; there are "
                + all.stream().map(found -> found.device().name()).toList());
    }

    @Override
    public void configure(RdmaCmId id, QpSettings settings) throws IOException {
        if (!settings.equals(QpSettings.defaults())) {
            throw new IOException("DiSNI's own library has no settings of queue pairs; use the provider ffm");
        }
    }

    @Override
    public IbvMr register(IbvPd pd, MemorySegment memory, int access) throws IOException {
        if (memory.byteSize() > Integer.MAX_VALUE) {
            throw new IOException("DiSNI's own library registers at most 2 GiB at a time, not " + memory.byteSize());
        }
        return verbs.regMr(pd, memory.address(), (int) memory.byteSize(), access)
                .execute()
                .free()
                .getMr();
    }

    @Override
    public SendChain sendChain(IbvQP qp, int maxRequests, int maxSge) {
        return new ListSendChain(verbs, qp, maxRequests, maxSge);
    }

    @Override
    public RecvChain recvChain(IbvQP qp, int maxRequests) {
        return new ListRecvChain(verbs, qp, maxRequests);
    }

    /** Never calls the listener. */
    @Override
    public Subscription onEvent(IbvContext context, Consumer<DeviceEvent> listener) {
        return () -> {};
    }

    @Override
    public Thread thread(String name, Runnable body) {
        return Thread.ofPlatform().name(name).daemon().unstarted(body);
    }

    @Override
    public void close() {}
}
