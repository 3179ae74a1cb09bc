package dev.weft.rpc.rdma.software;

import dev.weft.rpc.rdma.verbs.Device;
import dev.weft.rpc.rdma.verbs.DeviceEvent;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A device of a {@link SoftwareFabric}, for its {@link Faults} and its {@link SoftwareFabric#host}. Thread-safe. */
public final class SoftwareDevice {
    static final int WORK_REQUESTS_MAX = 1 << 14;
    static final int SGE_MAX = 30;
    static final int INLINE_MAX = 1024;
    static final int COMPLETIONS_MAX = 1 << 20;
    static final int READS_MAX = 16;
    static final long MESSAGE_BYTES_MAX = 1L << 30;

    private static final int QUEUE_PAIRS_MAX = 1 << 16;
    private static final int DEFAULT_PKEY = 0xffff;
    private static final int MTU_BYTES = 4096;

    private final SoftwareFabric fabric;
    private final String name;
    private final int index;
    private final List<InetAddress> addresses;

    /** Null until it belongs to a host, and while the device is lost. Written under the fabric's lock. */
    private volatile @Nullable SoftwareContext context;

    private volatile @Nullable SoftwareVerbsProvider provider;
    private volatile boolean lost;
    private volatile boolean portUp = true;

    SoftwareDevice(SoftwareFabric fabric, String name, int index, List<InetAddress> addresses) {
        this.fabric = fabric;
        this.name = name;
        this.index = index;
        this.addresses = List.copyOf(addresses);
    }

    /** As it was given. */
    public String name() {
        return name;
    }

    /** As they were given. */
    public List<InetAddress> addresses() {
        return addresses;
    }

    SoftwareFabric fabric() {
        return fabric;
    }

    boolean isUp() {
        return portUp && !lost;
    }

    boolean isLost() {
        return lost;
    }

    @Nullable
    SoftwareVerbsProvider provider() {
        return provider;
    }

    void belongTo(SoftwareVerbsProvider host) {
        if (provider != null) {
            throw new IllegalArgumentException("device " + name + " belongs to another host");
        }
        provider = host;
        context = newContext(host);
    }

    private SoftwareContext newContext(SoftwareVerbsProvider host) {
        try {
            return new SoftwareContext(host, this, fabric.newHandle());
        } catch (IOException e) {
            throw new AssertionError("a context in memory cannot be made", e);
        }
    }

    void retryAll() {
        SoftwareContext known = context;
        if (known != null) {
            known.queuePairs().forEach(QueuePair::progress);
        }
    }

    SoftwareContext context() throws IOException {
        SoftwareContext known = context;
        if (known == null) {
            throw Errno.EIO.because("device " + name + (lost ? " is lost" : " belongs to no host"));
        }
        return known;
    }

    void setPortUp(boolean up) {
        SoftwareContext known = context;
        if (portUp == up) {
            return;
        }
        portUp = up;
        if (known != null) {
            known.emit(new DeviceEvent(up ? DeviceEvent.Kind.PORT_ACTIVE : DeviceEvent.Kind.PORT_DOWN, 1));
        }
        if (up) {
            fabric.retryAll();
        }
    }

    void lose() {
        SoftwareContext known = context;
        if (lost) {
            return;
        }
        lost = true;
        context = null;
        if (known != null) {
            known.lose();
            fabric.connections().lost(known);
        }
    }

    void restore() {
        SoftwareVerbsProvider host = provider;
        if (!lost) {
            return;
        }
        context = host == null ? null : newContext(host);
        lost = false;
    }

    /** How many leading bits of an address one of its own has too; -1 if none is of the same kind. */
    int closeness(InetAddress address) {
        return addresses.stream()
                .mapToInt(own -> commonBits(own.getAddress(), address.getAddress()))
                .max()
                .orElse(-1);
    }

    /** Its address that is used towards a destination: {@code wanted} if that is one. */
    InetAddress addressTowards(InetAddress destination, @Nullable InetSocketAddress wanted) {
        if (wanted != null && addresses.contains(wanted.getAddress())) {
            return wanted.getAddress();
        }
        return addresses.stream()
                .max(Comparator.comparingInt(own -> commonBits(own.getAddress(), destination.getAddress())))
                .orElseThrow(() -> new IllegalStateException(this + " has no address"));
    }

    private static int commonBits(byte[] one, byte[] other) {
        if (one.length != other.length) {
            return -1;
        }
        int differs = Arrays.mismatch(one, other);
        return differs < 0
                ? 8 * one.length
                : 8 * differs + Integer.numberOfLeadingZeros((one[differs] ^ other[differs]) & 0xff) - 24;
    }

    /** What the verbs say of it. */
    Device describe() {
        var gids = new ArrayList<Device.Gid>();
        for (InetAddress address : addresses) {
            gids.add(new Device.Gid(gids.size(), gid(address), "RoCE v2", Optional.of(address), name));
        }
        var port = new Device.Port(
                1,
                isUp() ? Device.PortState.ACTIVE : Device.PortState.DOWN,
                Device.LinkLayer.ETHERNET,
                0,
                MTU_BYTES,
                MTU_BYTES,
                MESSAGE_BYTES_MAX,
                "",
                List.of(DEFAULT_PKEY),
                List.copyOf(gids));
        return new Device(
                name,
                "%04x:%04x:%04x:%04x".formatted(0x0257, 0xeff0, index >>> 16, index & 0xffff),
                Device.Product.UNKNOWN,
                QUEUE_PAIRS_MAX,
                WORK_REQUESTS_MAX,
                SGE_MAX,
                QUEUE_PAIRS_MAX,
                COMPLETIONS_MAX,
                RegionTable.REGIONS_MAX,
                Long.MAX_VALUE,
                READS_MAX,
                Device.Atomics.DEVICE,
                List.of(port));
    }

    private static String gid(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        String plain = scope < 0 ? text : text.substring(0, scope);
        return address instanceof Inet4Address ? "::ffff:" + plain : plain;
    }

    @Override
    public String toString() {
        return name + addresses;
    }
}
