package dev.weft.rpc.rdma.software;

import java.io.IOException;
import java.lang.System.Logger;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/** A TCP port on which another process asks for connections. */
final class SocketListener implements SocketEngine.Attachment, AutoCloseable {
    private static final Logger LOGGER = System.getLogger(SocketListener.class.getName());

    private final ServerSocketChannel channel;
    private final SocketEngine engine;
    private final Consumer<SocketChannel> accepted;
    private final InetSocketAddress address;

    /** Listens at once; {@code accepted} is called on the engine's thread. */
    SocketListener(InetSocketAddress wanted, int backlog, SocketEngine engine, Consumer<SocketChannel> accepted)
            throws IOException {
        this.engine = engine;
        this.accepted = accepted;
        channel = ServerSocketChannel.open();
        try {
            channel.bind(wanted, backlog);
            address = (InetSocketAddress) channel.getLocalAddress();
            engine.register(channel, SelectionKey.OP_ACCEPT, this);
        } catch (IOException e) {
            channel.close();
            throw Errno.EADDRINUSE.because(wanted + ": " + e.getMessage());
        }
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void ready(SelectionKey key) {
        try {
            SocketChannel peer = channel.accept();
            if (peer != null) {
                accepted.accept(peer);
            }
        } catch (IOException e) {
            LOGGER.log(Logger.Level.DEBUG, "accepting at {0}: {1}", address, e);
        }
    }

    @Override
    public void closeNow() {
        try {
            channel.close();
        } catch (IOException e) {
            LOGGER.log(Logger.Level.DEBUG, "closing {0}: {1}", address, e);
        }
    }

    /** On any thread; the port is free soon. */
    @Override
    public void close() {
        closeNow();
        engine.execute(() -> {}); // the selector lets go of a closed channel when it selects
    }
}
