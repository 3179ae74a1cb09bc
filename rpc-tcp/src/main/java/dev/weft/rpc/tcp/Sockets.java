package dev.weft.rpc.tcp;

import dev.weft.rpc.Address;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens sockets of either family. */
final class Sockets {
    /** Connections that wait to be accepted. */
    private static final int BACKLOG = 4096;

    private Sockets() {}

    static SocketAddress socketAddress(Address address) throws IOException {
        if (address.scheme().equals("unix")) {
            return UnixDomainSocketAddress.of(address.host());
        }
        InetSocketAddress resolved = new InetSocketAddress(address.host(), address.port());
        if (resolved.isUnresolved()) {
            throw new IOException("cannot resolve host '" + address.host() + "' of " + address);
        }
        return resolved;
    }

    /** Blocks the calling thread, which should be virtual. */
    static SocketChannel connect(Address address, long timeoutNanos) throws IOException {
        SocketAddress target = socketAddress(address);
        boolean unix = target instanceof UnixDomainSocketAddress;
        SocketChannel channel = unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
        try {
            if (unix) {
                channel.connect(target);
            } else {
                int millis = Math.clamp(timeoutNanos / 1_000_000, 1, Integer.MAX_VALUE);
                channel.socket().connect(target, millis);
            }
            return channel;
        } catch (ClosedByInterruptException e) {
            channel.close();
            throw e;
        } catch (IOException e) {
            channel.close();
            throw new IOException("cannot connect to " + address + ": " + e.getMessage(), e);
        }
    }

    static void prepare(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
    }

    /** Has the system find out, in its own time, that a peer is gone which may be silent for as long as it likes. */
    static void watch(SocketChannel channel) throws IOException {
        if (channel.supportedOptions().contains(StandardSocketOptions.SO_KEEPALIVE)) {
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        }
    }

    static ServerSocketChannel listen(Address address) throws IOException {
        SocketAddress local = socketAddress(address);
        boolean unix = local instanceof UnixDomainSocketAddress;
        ServerSocketChannel channel =
                unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
        try {
            if (unix) {
                removeStale(address);
            } else {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            channel.bind(local, BACKLOG);
            channel.configureBlocking(false);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw new IOException("cannot listen at " + address + ": " + e.getMessage(), e);
        }
    }

    /** Removes the socket file that a process which was killed left behind; not one that somebody listens at. */
    private static void removeStale(Address address) throws IOException {
        Path path = Path.of(address.host());
        if (Files.exists(path)) {
            try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                probe.connect(UnixDomainSocketAddress.of(path));
                throw new IOException("another process listens there");
            } catch (SocketException refused) {
                Files.delete(path);
            }
        }
    }
}
