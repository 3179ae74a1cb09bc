package dev.weft.rpc.rdma.verbs;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * An RDMA device as it was when it was asked.
 *
 * @param name as the system has it, such as {@code mlx5_0}
 * @param guid of the node, {@code 0000:0000:0000:0000}
 * @param product who made it
 * @param maxQueuePairs and the other limits are the device's own
 * @param maxSge pieces of local memory of a request; of a read see {@link #maxReadSge}
 * @param maxReads RDMA reads and atomic operations under way on a queue pair
 * @param atomics what atomic operations are atomic against
 */
public record Device(
        String name,
        String guid,
        Product product,
        int maxQueuePairs,
        int maxWorkRequests,
        int maxSge,
        int maxCompletionQueues,
        int maxCompletions,
        int maxMemoryRegions,
        long maxMemoryRegionBytes,
        int maxReads,
        Atomics atomics,
        List<Port> ports) {

    /**
     * Maker and version of a device.
     *
     * @param firmware its version; empty if there is none
     * @param vendorId of the maker, an OUI of the IEEE; 0 if unknown
     * @param partId of the device, the maker's own; 0 if unknown
     */
    public record Product(String firmware, int vendorId, int partId) {
        /** Nothing is known. */
        public static final Product UNKNOWN = new Product("", 0, 0);
    }

    /**
     * A port of a device.
     *
     * @param number from 1
     * @param state {@code ACTIVE} if it can be used
     * @param linkLayer what is below
     * @param lid of InfiniBand, otherwise 0
     * @param mtuBytes that is used now
     * @param maxMessageBytes the longest message or one-sided transfer
     * @param rate speed and width as the system has them, such as {@code 100 Gb/sec (4X EDR)}; empty if unknown
     * @param pkeys partition keys that are set, by growing index
     */
    public record Port(
            int number,
            PortState state,
            LinkLayer linkLayer,
            int lid,
            int mtuBytes,
            int maxMtuBytes,
            long maxMessageBytes,
            String rate,
            List<Integer> pkeys,
            List<Gid> gids) {}

    /**
     * A global identifier of a port.
     *
     * @param text in the form of an IPv6 address
     * @param type {@code IB}, {@code RoCE v1}, {@code RoCE v2} or {@code iWARP}, as far as it is known
     * @param address the IP address that it stands for, if it does
     * @param netDevice the network interface that it belongs to; empty if there is none
     */
    public record Gid(int index, String text, String type, Optional<InetAddress> address, String netDevice) {}

    /** What atomic operations are atomic against. */
    public enum Atomics {
        /** There are none. */
        NONE,
        /** Others through the same device. */
        DEVICE,
        /** Also those of the processor and of other devices. */
        MACHINE
    }

    /** State of a port. */
    public enum PortState {
        DOWN,
        INIT,
        ARMED,
        ACTIVE,
        OTHER
    }

    /** What a port is connected by. */
    public enum LinkLayer {
        INFINIBAND,
        ETHERNET,
        OTHER
    }

    /**
     * Whether TCP is below. Such a device has no immediate data, no atomic operations and no settings of queue pairs but the
     * traffic class; memory that a read fills must be registered for remote writing; and the side that accepted may send
     * only when the other one has.
     */
    public boolean isIwarp() {
        return ports.stream()
                .flatMap(port -> port.gids().stream())
                .anyMatch(gid -> gid.type().equals("iWARP"));
    }

    /** How many pieces of local memory a read may have. */
    public int maxReadSge() {
        return isIwarp() ? 1 : maxSge;
    }

    /** The IP addresses by which the device can be reached through ports that are active. */
    public List<InetAddress> addresses() {
        return ports.stream()
                .filter(port -> port.state() == PortState.ACTIVE)
                .flatMap(port -> port.gids().stream())
                .flatMap(gid -> gid.address().stream())
                .distinct()
                .toList();
    }
}
