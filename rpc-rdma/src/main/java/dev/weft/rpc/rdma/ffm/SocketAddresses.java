package dev.weft.rpc.rdma.ffm;

import dev.weft.rpc.rdma.ffm.Layouts.SocketAddress;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;

/** Socket addresses of IPv4 and IPv6 between Java and C. */
final class SocketAddresses {
    private static final short AF_INET = 2;
    private static final short AF_INET6 = 10;
    private static final ValueLayout.OfShort NETWORK_SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private SocketAddresses() {}

    static MemorySegment encode(java.net.SocketAddress address, Arena arena) throws IOException {
        if (!(address instanceof InetSocketAddress inet)) {
            throw new IOException(address + " is not an address of the internet");
        }
        InetAddress host = inet.getAddress();
        if (host == null) {
            throw new IOException("the host " + inet.getHostString() + " is unknown");
        }
        MemorySegment memory = arena.allocate(SocketAddress.SIZE, Long.BYTES);
        memory.set(NETWORK_SHORT, SocketAddress.PORT, (short) inet.getPort());
        boolean ipv6 = host instanceof Inet6Address;
        memory.set(ValueLayout.JAVA_SHORT, SocketAddress.FAMILY, ipv6 ? AF_INET6 : AF_INET);
        copy(host.getAddress(), memory, ipv6 ? SocketAddress.IPV6 : SocketAddress.IPV4);
        if (host instanceof Inet6Address scoped) {
            memory.set(ValueLayout.JAVA_INT, SocketAddress.IPV6_SCOPE, scoped.getScopeId());
        }
        return memory;
    }

    /** The address that is at {@code address} in C's memory. */
    static InetSocketAddress decode(long address) throws IOException {
        MemorySegment memory = Memory.at(address, SocketAddress.SIZE);
        int port = Short.toUnsignedInt(memory.get(NETWORK_SHORT, SocketAddress.PORT));
        short family = memory.get(ValueLayout.JAVA_SHORT, SocketAddress.FAMILY);
        return switch (family) {
            case AF_INET -> new InetSocketAddress(InetAddress.getByAddress(bytes(memory, SocketAddress.IPV4, 4)), port);
            case AF_INET6 ->
                new InetSocketAddress(
                        Inet6Address.getByAddress(
                                null,
                                bytes(memory, SocketAddress.IPV6, 16),
                                memory.get(ValueLayout.JAVA_INT, SocketAddress.IPV6_SCOPE)),
                        port);
            default -> throw new IOException("the identifier has no address; its family is " + family);
        };
    }

    private static void copy(byte[] bytes, MemorySegment memory, int offset) {
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, offset, bytes.length);
    }

    private static byte[] bytes(MemorySegment memory, int offset, int count) {
        return memory.asSlice(offset, count).toArray(ValueLayout.JAVA_BYTE);
    }
}
