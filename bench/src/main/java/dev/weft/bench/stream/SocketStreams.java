package dev.weft.bench.stream;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.IntConsumer;

/** Blocking sockets on platform threads, and nothing else: what there is to gain. */
final class SocketStreams implements StreamPeer {
    @Override
    public int serve() throws Exception {
        ServerSocketChannel listening =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofPlatform().daemon().start(() -> {
            try (SocketChannel channel = listening.accept()) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                send(channel);
            } catch (IOException e) {
                System.err.println("the client has gone: " + e);
            }
        });
        return ((InetSocketAddress) listening.getLocalAddress()).getPort();
    }

    private static void send(SocketChannel channel) throws IOException {
        ByteBuffer order = ByteBuffer.allocateDirect(8);
        while (true) {
            fill(order.clear(), channel);
            int pieces = order.getInt(0);
            ByteBuffer piece = ByteBuffer.allocateDirect(order.getInt(4));
            for (int i = 0; i < pieces; i++) {
                piece.clear();
                while (piece.hasRemaining()) {
                    channel.write(piece);
                }
            }
        }
    }

    private static void fill(ByteBuffer buffer, SocketChannel channel) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException();
            }
        }
    }

    @Override
    public Client connect(int port) throws Exception {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return (pieces, bytes, each) -> onPlatformThread(() -> take(channel, pieces, bytes, each));
    }

    private static void take(SocketChannel channel, int pieces, int bytes, IntConsumer each) {
        try {
            channel.write(
                    ByteBuffer.allocateDirect(8).putInt(pieces).putInt(bytes).flip());
            ByteBuffer piece = ByteBuffer.allocateDirect(bytes);
            for (int i = 0; i < pieces; i++) {
                fill(piece.clear(), channel);
                each.accept(bytes);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void onPlatformThread(Runnable work) throws InterruptedException {
        Thread.ofPlatform().start(work).join();
    }
}
