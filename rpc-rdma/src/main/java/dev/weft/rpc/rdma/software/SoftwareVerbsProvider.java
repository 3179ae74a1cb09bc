package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaEventChannel;
import com.ibm.disni.verbs.RdmaVerbs;
import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.verbs.Device;
import dev.weft.rpc.rdma.verbs.DeviceEvent;
import dev.weft.rpc.rdma.verbs.QpSettings;
import dev.weft.rpc.rdma.verbs.RecvChain;
import dev.weft.rpc.rdma.verbs.SendChain;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The verbs of one host of a {@link SoftwareFabric}, or of this process among others of the machine. Hosts of a fabric need
 * not be closed.
 */
public final class SoftwareVerbsProvider implements VerbsProvider {
    private final SoftwareFabric fabric;
    private final List<SoftwareDevice> devices;
    private final Ledger ledger = new Ledger();
    private final SoftwareVerbs verbs;
    private final SoftwareCm cm;

    SoftwareVerbsProvider(SoftwareFabric fabric, List<SoftwareDevice> devices) {
        this.fabric = fabric;
        this.devices = devices;
        this.verbs = new SoftwareVerbs(this);
        this.cm = new SoftwareCm(this);
        for (SoftwareDevice device : devices) {
            device.belongTo(this);
        }
    }

    /**
     * One device {@code soft0} at the addresses 127.0.0.1 and ::1. It connects to that of other processes on this machine
     * by TCP: the ports of the connection manager are TCP ports. The time is the machine's; a thread of the provider does
     * the input and output. Other processes of this machine are not trusted: what they ask for is checked as a real device
     * does.
     */
    public static SoftwareVerbsProvider betweenProcesses(Environment environment) {
        var fabric = SoftwareFabric.betweenProcesses(environment);
        return fabric.host(fabric.device("soft0", "127.0.0.1", "::1"));
    }

    SoftwareFabric fabric() {
        return fabric;
    }

    /** What goes wrong on its fabric. Between processes a link cannot be cut. */
    public Faults faults() {
        return fabric.faults();
    }

    Ledger ledger() {
        return ledger;
    }

    List<SoftwareDevice> all() {
        return devices;
    }

    /** What has been made through this provider and not been freed yet. */
    public OpenObjects open() {
        return ledger.read();
    }

    @Override
    public String name() {
        return "software";
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
    public List<Device> devices() {
        return devices.stream()
                .filter(device -> !device.isLost())
                .map(SoftwareDevice::describe)
                .toList();
    }

    @Override
    public Device device(IbvContext context) throws IOException {
        SoftwareContext ours = own(context);
        ours.requireAlive();
        return ours.device().describe();
    }

    private SoftwareContext own(IbvContext context) {
        if (context instanceof SoftwareContext ours && ours.provider() == this) {
            return ours;
        }
        throw new IllegalArgumentException(context + " is of another provider");
    }

    @Override
    public IbvContext open(String deviceName) throws IOException {
        for (SoftwareDevice device : devices) {
            if (device.name().equals(deviceName)) {
                return device.context();
            }
        }
        throw new IOException("there is no device " + deviceName + " among " + devices);
    }

    @Override
    public void configure(RdmaCmId id, QpSettings settings) throws IOException {
        cm.configure(id, settings);
    }

    @Override
    public void reject(RdmaCmId id, MemorySegment privateData) throws IOException {
        cm.reject(id, privateData);
    }

    @Override
    public IbvMr register(IbvPd pd, MemorySegment memory, int access) throws IOException {
        if (!memory.isNative()) {
            throw new IllegalArgumentException("only native memory can be registered: " + memory);
        }
        return verbs.register(pd, memory.address(), memory.byteSize(), access, memory);
    }

    @Override
    public SendChain sendChain(IbvQP qp, int maxRequests, int maxSge) {
        return new SoftwareSendChain(SoftwareVerbs.own(qp), maxRequests, maxSge);
    }

    @Override
    public RecvChain recvChain(IbvQP qp, int maxRequests) {
        return new SoftwareRecvChain(SoftwareVerbs.own(qp), maxRequests, 1);
    }

    @Override
    public Subscription onEvent(IbvContext context, Consumer<DeviceEvent> listener) {
        return own(context).subscribe(listener);
    }

    @Override
    public boolean canWake() {
        return true;
    }

    @Override
    public void wake(IbvCompChannel channel) {
        SoftwareVerbs.own(SoftwareCompChannel.class, channel).wake();
    }

    @Override
    public void wake(RdmaEventChannel channel) {
        SoftwareVerbs.own(SoftwareEventChannel.class, channel).wake();
    }

    @Override
    public Thread thread(String name, Runnable body) {
        return fabric.thread(name, body);
    }

    @Nullable
    SoftwareDevice deviceAt(InetAddress address) {
        return devices.stream()
                .filter(device -> device.addresses().contains(address))
                .findFirst()
                .orElse(null);
    }

    /** The device that would be used for a destination: the one that shares most of the address with it. */
    @Nullable
    SoftwareDevice deviceTowards(InetAddress destination) {
        return devices.stream()
                .filter(device -> device.isUp() && device.closeness(destination) >= 0)
                .max(Comparator.comparingInt(device -> device.closeness(destination)))
                .orElse(null);
    }

    void retryAll() {
        for (SoftwareDevice device : devices) {
            device.retryAll();
        }
    }

    @Override
    public void close() {
        fabric.connections().close();
    }
}
