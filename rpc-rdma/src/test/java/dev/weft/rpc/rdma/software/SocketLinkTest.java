package dev.weft.rpc.rdma.software;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Environment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

final class SocketLinkTest implements SocketLink.Listener {
    /** Otherwise the second of two small frames waits 40 ms for an acknowledgement of the first. */
    @Test
    void sendsSmallFramesAtOnce() throws IOException {
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (SocketEngine engine = new SocketEngine(SoftwareFabric.of(Environment.system()));
                ServerSocketChannel server = ServerSocketChannel.open().bind(any);
                SocketChannel channel = SocketChannel.open(server.getLocalAddress())) {
            new SocketLink(channel, this).register(engine, SelectionKey.OP_READ);
            assertTrue(channel.getOption(StandardSocketOptions.TCP_NODELAY));
        }
    }

    @Override
    public void connected(SocketLink link) {}

    @Override
    public void received(SocketLink link, Frame frame, ByteBuffer payload) {}

    @Override
    public void ended(SocketLink link, IOException cause) {}
}
