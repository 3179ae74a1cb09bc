package dev.weft.cli;

import dev.weft.rpc.Address;
import dev.weft.rpc.rdma.VerbsProviders;
import dev.weft.rpc.rdma.verbs.Device;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Comparator;
import java.util.List;

/**
 * Where the processes of a cluster on this machine listen.
 *
 * @param scheme of their addresses
 * @param host of this machine
 */
record Place(String scheme, String host) {
    /** Transports by which such a cluster can be reached. */
    enum Transport {
        TCP,
        RDMA
    }

    /** @throws UnavailableException if there is no device for the transport */
    static Place of(Transport transport) throws IOException {
        return switch (transport) {
            case TCP -> new Place("tcp", "127.0.0.1");
            case RDMA -> new Place("rdma", addressOfDevice().getHostAddress());
        };
    }

    /** One of the first device that has any, of IPv4 if possible. */
    private static InetAddress addressOfDevice() throws IOException {
        try (VerbsProvider verbs = RdmaCommand.open(VerbsProviders.configuredName())) {
            List<Device> devices = RdmaCommand.requireDevices(verbs);
            return devices.stream()
                    .flatMap(device -> device.addresses().stream())
                    .filter(address -> !address.isLinkLocalAddress())
                    .min(Comparator.comparing(address -> !(address instanceof Inet4Address)))
                    .orElseThrow(() -> new UnavailableException(
                            "no RDMA device has an IP address on a port that is up",
                            "'weft rdma devices' shows them; 'ip address add' gives their interfaces one."));
        }
    }

    String address(int port) {
        return new Address(scheme, host, port).toString();
    }

    /** Whether somebody listens there. Ports of RDMA are others than those of TCP, but for iWARP: these cannot be tried. */
    boolean isUsed(int port) {
        if (!scheme.equals("tcp")) {
            return false;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
