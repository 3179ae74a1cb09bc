package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaEventChannel;
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
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The verbs of the distribution's {@code libibverbs.so.1} and {@code librdmacm.so.1}, called by Java's foreign function
 * interface: nothing is built, and DiSNI's native library is not needed.
 *
 * <p>The program must be started with {@code --enable-native-access} for this module (for {@code ALL-UNNAMED}, if it is on
 * the class path). As in C, an object must not be destroyed while another thread uses it.
 */
public final class FfmVerbsProvider implements VerbsProvider {
    private final FfmVerbs verbs;
    private final FfmCm cm;
    private final Contexts contexts;

    /**
     * Loads the libraries.
     *
     * @throws IOException if a library is missing; says which, and the packages that have it
     */
    public FfmVerbsProvider() throws IOException {
        NativeLibrary.requireAll();
        DisniProvider.ensureInstalled();
        contexts = new Contexts(this);
        verbs = new FfmVerbs(this);
        cm = new FfmCm(this, contexts);
    }

    /** Whether the libraries are here, and at least one device that the connection manager can use. */
    public static boolean available() {
        try (var provider = new FfmVerbsProvider()) {
            return !provider.contexts.refresh().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public String name() {
        return "ffm";
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
        var devices = new ArrayList<Device>();
        for (FfmContext context : contexts.refresh()) {
            devices.add(DeviceReader.read(context));
        }
        return devices;
    }

    @Override
    public Device device(IbvContext context) throws IOException {
        return DeviceReader.read(own(FfmContext.class, context));
    }

    @Override
    public String deviceName(IbvContext context) {
        return own(FfmContext.class, context).name();
    }

    @Override
    public IbvContext open(String deviceName) throws IOException {
        List<FfmContext> all = contexts.refresh();
        for (FfmContext context : all) {
            if (context.name().equals(deviceName)) {
                return context;
            }
        }
        throw new IOException("there is no RDMA device " + deviceName + "; there are "
                + all.stream().map(FfmContext::name).toList());
    }

    @Override
    public void configure(RdmaCmId id, QpSettings settings) throws IOException {
        own(FfmCmId.class, id).configure(settings);
    }

    @Override
    public void reject(RdmaCmId id, MemorySegment privateData) throws IOException {
        cm.reject(id, privateData);
    }

    @Override
    public IbvMr register(IbvPd pd, MemorySegment memory, int access) throws IOException {
        if (!memory.isNative()) {
            throw new IllegalArgumentException("memory on the heap cannot be registered");
        }
        return FfmMr.register(own(FfmPd.class, pd), memory.address(), memory.byteSize(), access);
    }

    @Override
    public SendChain sendChain(IbvQP qp, int maxRequests, int maxSge) {
        return new FfmSendChain(own(FfmQp.class, qp), maxRequests, maxSge);
    }

    @Override
    public RecvChain recvChain(IbvQP qp, int maxRequests) {
        return new FfmRecvChain(own(FfmQp.class, qp), maxRequests, 1);
    }

    @Override
    public Subscription onEvent(IbvContext context, Consumer<DeviceEvent> listener) throws IOException {
        return own(FfmContext.class, context).events().subscribe(listener);
    }

    @Override
    public boolean canWake() {
        return true;
    }

    @Override
    public void wake(IbvCompChannel channel) throws IOException {
        own(FfmCompChannel.class, channel).wake();
    }

    @Override
    public void wake(RdmaEventChannel channel) throws IOException {
        own(FfmEventChannel.class, channel).wake();
    }

    @Override
    public Thread thread(String name, Runnable body) {
        return Thread.ofPlatform().name(name).daemon().unstarted(body);
    }

    @Override
    public void close() {
        contexts.close();
    }

    /** {@code object} as one of ours. */
    <T> T own(Class<T> type, Object object) {
        if (!type.isInstance(object)) {
            throw new IllegalArgumentException(object + " is not of the provider ffm");
        }
        return type.cast(object);
    }
}
