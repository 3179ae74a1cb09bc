package dev.weft.rpc.rdma.libdisni;

import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaEventChannel;
import dev.weft.rpc.rdma.verbs.Device;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds devices by binding to each address of this machine, since DiSNI has no list of them. It does not say either what they
 * can do: the limits are such that every device has them.
 */
final class BoundDevices {
    private static final int MAX_QUEUE_PAIRS = 1024;
    private static final int MAX_WORK_REQUESTS = 1024;
    private static final int MAX_SGE = 4;
    private static final int MAX_COMPLETIONS = 4096;
    private static final int MAX_REGIONS = 1024;
    private static final int MAX_READS = 16;
    private static final int MTU_BYTES = 1024;
    private static final long MAX_MESSAGE_BYTES = 1L << 30;

    /** A device, and what DiSNI has of it. */
    record Found(Device device, IbvContext context) {}

    private BoundDevices() {}

    static List<Found> find(RdmaCm cm) throws IOException {
        var contexts = new HashMap<Integer, IbvContext>();
        var gids = new HashMap<Integer, List<Device.Gid>>();
        RdmaEventChannel events = cm.createEventChannel();
        try {
            for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
                for (InetAddress address : network.inetAddresses().toList()) {
                    Optional<IbvContext> bound = bind(cm, events, address);
                    if (bound.isPresent()) {
                        int key = bound.get().getCmd_fd();
                        contexts.put(key, bound.get());
                        List<Device.Gid> known = gids.computeIfAbsent(key, _ -> new ArrayList<>());
                        known.add(new Device.Gid(
                                known.size(), address.getHostAddress(), "", Optional.of(address), network.getName()));
                    }
                }
            }
        } finally {
            cm.destroyEventChannel(events);
        }
        return contexts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new Found(device(gids.getOrDefault(entry.getKey(), List.of())), entry.getValue()))
                .toList();
    }

    /** Empty for an address of an interface that is not of an RDMA device. */
    private static Optional<IbvContext> bind(RdmaCm cm, RdmaEventChannel events, InetAddress address)
            throws IOException {
        RdmaCmId id = cm.createId(events, RdmaCm.RDMA_PS_TCP);
        try {
            cm.bindAddr(id, new InetSocketAddress(address, 0));
            return address.isLoopbackAddress() ? Optional.empty() : Optional.ofNullable(id.getVerbs());
        } catch (IOException e) {
            return Optional.empty();
        } finally {
            cm.destroyCmId(id);
        }
    }

    /** Named by its interface, for want of another name. */
    private static Device device(List<Device.Gid> gids) {
        String name = gids.isEmpty() ? "unknown" : gids.getFirst().netDevice();
        var port = new Device.Port(
                1,
                Device.PortState.ACTIVE,
                Device.LinkLayer.OTHER,
                0,
                MTU_BYTES,
                MTU_BYTES,
                MAX_MESSAGE_BYTES,
                "",
                List.of(),
                List.copyOf(gids));
        return new Device(
                name,
                "0000:0000:0000:0000",
                Device.Product.UNKNOWN,
                MAX_QUEUE_PAIRS,
                MAX_WORK_REQUESTS,
                MAX_SGE,
                MAX_QUEUE_PAIRS,
                MAX_COMPLETIONS,
                MAX_REGIONS,
                Integer.MAX_VALUE,
                MAX_READS,
                Device.Atomics.NONE,
                List.of(port));
    }
}
