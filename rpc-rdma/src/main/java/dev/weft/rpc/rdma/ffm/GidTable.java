package dev.weft.rpc.rdma.ffm;

import dev.weft.rpc.rdma.verbs.Device.Gid;
import dev.weft.rpc.rdma.verbs.Device.LinkLayer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The GIDs of a port, as the kernel shows them below {@code /sys/class/infiniband}.
 *
 * <p>A GID of RoCE is an IP address of its network interface. Those of InfiniBand and iWARP are not, but connections are
 * made by IP addresses all the same: there, the first GID stands for all addresses of the port's network interface.
 */
final class GidTable {
    private final Path device;
    private final Path port;
    private final boolean byAddress;
    private final boolean iwarp;

    GidTable(String device, int port, LinkLayer link, boolean iwarp) {
        this.device = Path.of("/sys/class/infiniband", device);
        this.port = this.device.resolve("ports/" + port);
        this.iwarp = iwarp;
        byAddress = link == LinkLayer.ETHERNET && !iwarp;
    }

    /** Those at the indices that are not empty. */
    List<Gid> read(int[] indices) throws IOException {
        var gids = new ArrayList<Gid>();
        for (int index : indices) {
            String text = file("gids", index, "::");
            InetAddress gid = InetAddress.getByName(text);
            if (!gid.isAnyLocalAddress()) {
                add(gids, index, text, gid);
            }
        }
        return gids;
    }

    private void add(List<Gid> gids, int index, String text, InetAddress gid) throws IOException {
        String netDevice = netDevice(index);
        String type = type(index);
        List<InetAddress> addresses = addresses(netDevice);
        if (byAddress) {
            Optional<InetAddress> address =
                    addresses.stream().filter(gid::equals).findFirst();
            gids.add(new Gid(index, text, type, address, netDevice));
        } else if (index > 0 || addresses.isEmpty()) {
            gids.add(new Gid(index, text, type, Optional.empty(), netDevice));
        } else {
            addresses.forEach(address -> gids.add(new Gid(index, text, type, Optional.of(address), netDevice)));
        }
    }

    private String type(int index) {
        String type = file("gid_attrs/types", index, "");
        if (iwarp) {
            return "iWARP";
        }
        // The kernel has one word for the two.
        return type.equals("IB/RoCE v1") ? (byAddress ? "RoCE v1" : "IB") : type;
    }

    private String netDevice(int index) throws IOException {
        String name = file("gid_attrs/ndevs", index, "");
        Path interfaces = device.resolve("device/net");
        if (!name.isEmpty() || byAddress || !Files.isDirectory(interfaces)) {
            return name;
        }
        // IP over InfiniBand has an interface for each port.
        try (DirectoryStream<Path> found = Files.newDirectoryStream(interfaces)) {
            for (Path candidate : found) {
                int devicePort = Integer.parseInt(
                        Files.readString(candidate.resolve("dev_port")).strip());
                if (port.endsWith(String.valueOf(devicePort + 1))) {
                    return candidate.getFileName().toString();
                }
            }
        }
        return "";
    }

    private static List<InetAddress> addresses(String netDevice) throws IOException {
        NetworkInterface found = netDevice.isEmpty() ? null : NetworkInterface.getByName(netDevice);
        return found == null ? List.of() : found.inetAddresses().toList();
    }

    /** The kernel fails the reading of an entry that is empty. */
    private String file(String table, int index, String otherwise) {
        try {
            return Files.readString(port.resolve(table).resolve(String.valueOf(index)))
                    .strip();
        } catch (IOException e) {
            return otherwise;
        }
    }
}
