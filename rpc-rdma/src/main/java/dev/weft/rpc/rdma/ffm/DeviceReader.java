package dev.weft.rpc.rdma.ffm;

import dev.weft.rpc.rdma.ffm.Layouts.DeviceAttr;
import dev.weft.rpc.rdma.ffm.Layouts.GidEntry;
import dev.weft.rpc.rdma.ffm.Layouts.PortAttr;
import dev.weft.rpc.rdma.verbs.Device;
import dev.weft.rpc.rdma.verbs.Device.Atomics;
import dev.weft.rpc.rdma.verbs.Device.LinkLayer;
import dev.weft.rpc.rdma.verbs.Device.PortState;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Asks a device what it is and what it can do. */
final class DeviceReader {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong NETWORK_LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);

    /**
     * Entries of the tables of all ports, which are asked for at once. As many as the kernel takes, whose attributes are
     * shorter than 64 KiB; it refuses if more are in use.
     */
    private static final int GIDS_MAX = 1024;

    private DeviceReader() {}

    static Device read(FfmContext context) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment device = arena.allocate(DeviceAttr.SIZE, Long.BYTES);
            Ibverbs.QUERY_DEVICE.call(context.address, device.address());
            long maxRegion = device.get(ValueLayout.JAVA_LONG, DeviceAttr.MAX_MR_SIZE);
            return new Device(
                    context.name(),
                    guid(device.get(NETWORK_LONG, DeviceAttr.NODE_GUID)),
                    new Device.Product(
                            device.getString(DeviceAttr.FW_VER),
                            device.get(INT, DeviceAttr.VENDOR_ID),
                            device.get(INT, DeviceAttr.VENDOR_PART_ID)),
                    device.get(INT, DeviceAttr.MAX_QP),
                    device.get(INT, DeviceAttr.MAX_QP_WR),
                    maxSge(device, context),
                    device.get(INT, DeviceAttr.MAX_CQ),
                    device.get(INT, DeviceAttr.MAX_CQE),
                    device.get(INT, DeviceAttr.MAX_MR),
                    // All ones stand for no limit.
                    maxRegion < 0 ? Long.MAX_VALUE : maxRegion,
                    device.get(INT, DeviceAttr.MAX_QP_RD_ATOM),
                    atomics(device.get(INT, DeviceAttr.ATOMIC_CAP)),
                    ports(context, device.get(ValueLayout.JAVA_BYTE, DeviceAttr.PHYS_PORT_CNT)));
        }
    }

    /** The least of all kinds of requests; over iWARP, where reads have one piece only, of the others. */
    private static int maxSge(MemorySegment device, FfmContext context) {
        int most = device.get(INT, DeviceAttr.MAX_SGE);
        int ofReads = device.get(INT, DeviceAttr.MAX_SGE_RD);
        return context.isIwarp() || ofReads < 1 ? most : Math.min(most, ofReads);
    }

    private static List<Device.Port> ports(FfmContext context, byte count) throws IOException {
        var ports = new ArrayList<Device.Port>();
        for (int number = 1; number <= Byte.toUnsignedInt(count); number++) {
            ports.add(port(context, number));
        }
        return ports;
    }

    private static Device.Port port(FfmContext context, int number) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment port = arena.allocate(PortAttr.SIZE, Integer.BYTES);
            Ibverbs.QUERY_PORT.call(context.address, number, port.address());
            PortFiles files = new PortFiles(context.name(), number);
            LinkLayer link = linkLayer(port.get(ValueLayout.JAVA_BYTE, PortAttr.LINK_LAYER), context);
            return new Device.Port(
                    number,
                    state(port.get(INT, PortAttr.STATE)),
                    link,
                    Short.toUnsignedInt(port.get(ValueLayout.JAVA_SHORT, PortAttr.LID)),
                    Settings.mtuBytes(port.get(INT, PortAttr.ACTIVE_MTU)),
                    Settings.mtuBytes(port.get(INT, PortAttr.MAX_MTU)),
                    Integer.toUnsignedLong(port.get(INT, PortAttr.MAX_MSG_SZ)),
                    files.rate(),
                    context.isIwarp() ? List.of() : files.pkeys(),
                    new GidTable(context.name(), number, link, context.isIwarp())
                            .read(gids(context, number, port.get(INT, PortAttr.GID_TBL_LEN))));
        }
    }

    /** Which entries of a port's table of GIDs to look at: those that are in use, if the library tells; else all. */
    private static int[] gids(FfmContext context, int number, int length) throws IOException {
        int[] all = IntStream.range(0, length).toArray();
        if (Ibverbs.QUERY_GID_TABLE == null) {
            return all;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entries = arena.allocate((long) GIDS_MAX * GidEntry.SIZE, Long.BYTES);
            int count = Ibverbs.QUERY_GID_TABLE.value(context.address, entries.address(), GIDS_MAX, 0, GidEntry.SIZE);
            if (count <= 0) {
                return all;
            }
            return IntStream.range(0, count)
                    .mapToObj(i -> entries.asSlice((long) i * GidEntry.SIZE, GidEntry.SIZE))
                    .filter(entry -> entry.get(INT, GidEntry.PORT_NUM) == number)
                    .mapToInt(entry -> entry.get(INT, GidEntry.GID_INDEX))
                    .toArray();
        }
    }

    private static Atomics atomics(int code) {
        return switch (code) {
            case 1 -> Atomics.DEVICE;
            case 2 -> Atomics.MACHINE;
            default -> Atomics.NONE;
        };
    }

    private static PortState state(int code) {
        return switch (code) {
            case 1 -> PortState.DOWN;
            case 2 -> PortState.INIT;
            case 3 -> PortState.ARMED;
            case 4 -> PortState.ACTIVE;
            default -> PortState.OTHER;
        };
    }

    private static LinkLayer linkLayer(byte code, FfmContext context) {
        return switch (code) {
            // Old drivers say nothing; they are of InfiniBand, unless they are of iWARP.
            case 0 -> context.isIwarp() ? LinkLayer.ETHERNET : LinkLayer.INFINIBAND;
            case 1 -> LinkLayer.INFINIBAND;
            case 2 -> LinkLayer.ETHERNET;
            default -> LinkLayer.OTHER;
        };
    }

    private static String guid(long guid) {
        return "%04x:%04x:%04x:%04x".formatted(guid >>> 48, guid >>> 32 & 0xffff, guid >>> 16 & 0xffff, guid & 0xffff);
    }
}
