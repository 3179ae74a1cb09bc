package dev.weft.rpc.tcp;

import dev.weft.rpc.spi.ConnectionAcceptor;
import dev.weft.rpc.spi.ForeignProtocol;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;

/**
 * An accepted socket until its peer has said which protocol it speaks. Used by the loop's thread only, but for {@link #close}.
 *
 * <p>It reads no more than it takes to tell, so that whoever goes on reads all the rest.
 */
final class FirstBytes implements IoLoop.Ready, IoLoop.Member {
    private static final System.Logger LOG = System.getLogger("dev.weft.rpc.tcp");

    private final SocketChannel channel;
    private final String peer;
    private final IoLoop loop;
    private final TcpTransport transport;
    private final List<ForeignProtocol> foreign;
    private final ConnectionAcceptor acceptor;
    private final ByteBuffer first = ByteBuffer.allocate(ForeignProtocol.FIRST_BYTES);
    private final long acceptedNanos;

    FirstBytes(
            SocketChannel channel,
            String peer,
            IoLoop loop,
            TcpTransport transport,
            List<ForeignProtocol> foreign,
            ConnectionAcceptor acceptor) {
        this.channel = channel;
        this.peer = peer;
        this.loop = loop;
        this.transport = transport;
        this.foreign = foreign;
        this.acceptor = acceptor;
        this.acceptedNanos = transport.clock().nanoTime();
    }

    void start() {
        loop.execute(() -> loop.add(this));
        loop.register(channel, SelectionKey.OP_READ, this);
    }

    @Override
    public void onRegistered(SelectionKey key) {}

    @Override
    public void onReady(SelectionKey key) {
        try {
            if (channel.read(first) < 0) {
                close("the peer closed the connection before it said anything");
            } else if (!first.hasRemaining()) {
                decide(key);
            }
        } catch (IOException e) {
            close("reading failed: " + e.getMessage());
        }
    }

    /** Hands the socket over; its key gets another owner when that one registers it. */
    private void decide(SelectionKey key) throws IOException {
        key.interestOps(0);
        leave();
        for (ForeignProtocol protocol : foreign) {
            if (protocol.recognizes(first.array().clone())) {
                transport.beginForeign(channel, peer, loop, acceptor, first.array(), protocol);
                return;
            }
        }
        transport.begin(channel, peer, loop, acceptor, first.array());
    }

    @Override
    public void checkSilence(long now) {
        if (now - acceptedNanos > transport.config().connectTimeout().toNanos()) {
            close("the peer does not greet");
        }
    }

    @Override
    public void close(String reason) {
        LOG.log(Level.DEBUG, () -> "connection with " + peer + " ends: " + reason);
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing the channel", e);
        }
        loop.execute(this::leave);
    }

    private void leave() {
        loop.remove(this);
        transport.ended(this);
    }
}
