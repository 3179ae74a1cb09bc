package dev.weft.rpc.rdma;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of our network cards talks to which of the peer's. Cards match that are in the same network: their addresses have
 * the first 24 bits in common, or 64 of IPv6. Where none are, the route decides for the first rail, and there are no
 * others.
 */
final class RailPlan {
    private static final int IPV4_PREFIX_BYTES = 3;
    private static final int IPV6_PREFIX_BYTES = 8;

    private RailPlan() {}

    /** The address to connect the first rail from; null to leave it to the route. */
    static @Nullable InetAddress localFor(InetAddress remote, List<InetAddress> locals, RdmaConfig config) {
        if (config.devices().isEmpty()) {
            return null;
        }
        // The route may lead over a device that is not to be used.
        InetAddress sameFamily = null;
        for (InetAddress local : locals) {
            if (match(local, remote)) {
                return local;
            }
            if (local.getClass() == remote.getClass() && !local.isLinkLocalAddress() && sameFamily == null) {
                sameFamily = local;
            }
        }
        return sameFamily;
    }

    /**
     * Where the rails go.
     *
     * @param local and {@code remote}: of the first rail
     * @param remotes the peer's other addresses
     * @param locals our other addresses
     */
    static List<RailKeeper.Target> targets(
            InetAddress local, InetSocketAddress remote, List<InetAddress> remotes, List<InetAddress> locals, int max) {
        List<RailKeeper.Target> targets = new ArrayList<>();
        targets.add(new RailKeeper.Target(local, remote));
        List<InetAddress> free = new ArrayList<>(locals);
        free.remove(local);
        for (InetAddress other : remotes) {
            if (other.equals(remote.getAddress()) || targets.size() >= max) {
                continue;
            }
            for (InetAddress candidate : List.copyOf(free)) {
                if (match(candidate, other)) {
                    free.remove(candidate);
                    targets.add(new RailKeeper.Target(candidate, new InetSocketAddress(other, remote.getPort())));
                    break;
                }
            }
        }
        return targets;
    }

    private static boolean match(InetAddress one, InetAddress other) {
        byte[] a = one.getAddress();
        byte[] b = other.getAddress();
        if (a.length != b.length) {
            return false;
        }
        int prefix = a.length == 4 ? IPV4_PREFIX_BYTES : IPV6_PREFIX_BYTES;
        for (int i = 0; i < prefix; i++) {
            if (a[i] != b[i]) {
                return false;
            }
        }
        return true;
    }
}
