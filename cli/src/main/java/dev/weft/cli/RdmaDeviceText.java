package dev.weft.cli;

import com.google.errorprone.annotations.FormatMethod;
import dev.weft.rpc.rdma.verbs.Device;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The tables of {@code weft rdma devices}. */
final class RdmaDeviceText {
    private RdmaDeviceText() {}

    static String of(String provider, List<Device> devices) {
        return "provider " + provider + "\n"
                + devices.stream().map(RdmaDeviceText::of).collect(Collectors.joining());
    }

    private static String of(Device device) {
        StringBuilder text = new StringBuilder();
        line(text, "%n%s", device.name());
        line(text, "  node GUID        %s", device.guid());
        line(text, "  firmware         %s", orDash(device.product().firmware()));
        line(
                text,
                "  vendor, part     0x%06x, %d",
                device.product().vendorId(),
                device.product().partId());
        line(
                text,
                "  queue pairs      %d of %d work requests, %d pieces of memory each",
                device.maxQueuePairs(),
                device.maxWorkRequests(),
                device.maxSge());
        line(text, "  completions      %d queues of %d", device.maxCompletionQueues(), device.maxCompletions());
        line(
                text,
                "  memory regions   %d of up to %s",
                device.maxMemoryRegions(),
                limit(device.maxMemoryRegionBytes()));
        line(
                text,
                "  reads, atomics   %d under way; atomic within: %s",
                device.maxReads(),
                Names.lower(device.atomics()));
        device.ports().forEach(port -> add(text, port));
        return text.toString();
    }

    private static void add(StringBuilder text, Device.Port port) {
        line(
                text,
                "  port %d           %s, %s, %s",
                port.number(),
                Names.lower(port.state()),
                Names.lower(port.linkLayer()),
                port.rate().isEmpty() ? "speed unknown" : port.rate());
        line(text, "    MTU            %d of %d bytes", port.mtuBytes(), port.maxMtuBytes());
        line(text, "    longest        %s in one message or transfer", Sizes.text(port.maxMessageBytes()));
        line(text, "    LID            %d", port.lid());
        line(
                text,
                "    pkeys          %s",
                orDash(port.pkeys().stream()
                        .map(key -> String.format(Locale.ROOT, "0x%04x", key))
                        .collect(Collectors.joining(" "))));
        line(text, "    %-3s  %-40s %-8s %-10s %s", "GID", "", "type", "interface", "address");
        for (Device.Gid gid : port.gids()) {
            line(
                    text,
                    "    %3d  %-40s %-8s %-10s %s",
                    gid.index(),
                    gid.text(),
                    orDash(gid.type()),
                    orDash(gid.netDevice()),
                    gid.address().map(InetAddress::getHostAddress).orElse("-"));
        }
    }

    private static String limit(long bytes) {
        return bytes == Long.MAX_VALUE ? "any size" : Sizes.text(bytes);
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    @FormatMethod
    private static void line(StringBuilder text, String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
