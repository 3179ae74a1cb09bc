package dev.weft.rpc.tcp;

import dev.weft.rpc.Address;
import dev.weft.rpc.spi.ConnectionAcceptor;
import dev.weft.rpc.spi.ForeignProtocol;
import dev.weft.rpc.spi.TransportListener;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Accepts connections at one address, on a loop's thread. */
final class TcpListener implements TransportListener, IoLoop.Ready {
    private static final System.Logger LOG = System.getLogger("dev.weft.rpc.tcp");

    private static final Duration PAUSE = Duration.ofMillis(100);

    private final ServerSocketChannel channel;
    private final Address address;
    private final ConnectionAcceptor acceptor;
    private final List<ForeignProtocol> foreign;
    private final TcpTransport transport;
    private final IoLoop loop;

    TcpListener(
            Address wanted,
            ConnectionAcceptor acceptor,
            List<ForeignProtocol> foreign,
            TcpTransport transport,
            IoLoop loop)
            throws IOException {
        this.channel = Sockets.listen(wanted);
        this.acceptor = acceptor;
        this.foreign = foreign;
        this.transport = transport;
        this.loop = loop;
        this.address = channel.getLocalAddress() instanceof InetSocketAddress bound
                ? new Address(wanted.scheme(), wanted.host(), bound.getPort())
                : wanted;
    }

    void start() {
        loop.register(channel, SelectionKey.OP_ACCEPT, this);
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public void onRegistered(SelectionKey key) {}

    @Override
    public void onReady(SelectionKey key) {
        try {
            SocketChannel accepted = channel.accept();
            while (accepted != null) {
                take(accepted);
                accepted = channel.accept();
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "accepting at " + address + " failed: " + e.getMessage());
            pause(key);
        }
    }

    /** A process without file descriptors cannot accept, and would be told so again at once. */
    private void pause(SelectionKey key) {
        if (key.isValid()) {
            key.interestOps(0);
            loop.executeAfter(PAUSE, () -> {
                if (key.isValid()) {
                    key.interestOps(SelectionKey.OP_ACCEPT);
                }
            });
        }
    }

    private void take(SocketChannel accepted) throws IOException {
        if (transport.connectionCount() >= transport.config().maxConnections()) {
            LOG.log(
                    Level.WARNING,
                    "refused a connection at " + address + ": there are "
                            + transport.config().maxConnections() + " already");
            accepted.close();
            return;
        }
        try {
            transport.accept(accepted, describe(accepted.getRemoteAddress()), acceptor, foreign);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "connection ended before it began", e);
            accepted.close();
        }
    }

    private String describe(SocketAddress remote) {
        return remote instanceof InetSocketAddress inet
                ? new Address("tcp", inet.getAddress().getHostAddress(), inet.getPort()).toString()
                : "client of " + address;
    }

    @Override
    public void close() {
        try {
            channel.close();
            // The socket itself goes when the loop comes round.
            loop.execute(() -> {});
            if (address.scheme().equals("unix")) {
                Files.deleteIfExists(Path.of(address.host()));
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing the listener at " + address, e);
        }
    }
}
