package dev.weft.bench.rpc;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Netty on epoll with length-prefixed frames of id and payload: no service, no header, no checksum. Either handled on the
 * event loop with callbacks in the client, or each request on a virtual thread of its own with blocking callers.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends the connection, and the measurement with it
final class NettyPeer implements EchoPeer {
    private static final int FRAME_BYTES_MAX = 16 << 20;

    private final boolean virtualThreads;

    NettyPeer(boolean virtualThreads) {
        this.virtualThreads = virtualThreads;
    }

    /** What to do with each frame, behind its length. */
    private interface FrameHandler {
        void onFrame(ChannelHandlerContext context, ByteBuf frame);
    }

    private static ChannelInitializer<Channel> frames(FrameHandler handler) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel connection) {
                connection
                        .pipeline()
                        .addLast(new LengthFieldBasedFrameDecoder(FRAME_BYTES_MAX, 0, 4))
                        .addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext context, Object message) {
                                handler.onFrame(context, (ByteBuf) message);
                            }

                            @Override
                            public void channelReadComplete(ChannelHandlerContext context) {
                                context.flush();
                            }
                        });
            }
        };
    }

    @Override
    public int serve() throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        Executor executor = Executors.newVirtualThreadPerTaskExecutor();
        FrameHandler echo = virtualThreads
                ? (context, frame) -> executor.execute(() -> context.channel().writeAndFlush(frame))
                : ChannelHandlerContext::write;
        Channel server = new ServerBootstrap()
                .group(loops)
                .channel(EpollServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(frames(echo))
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    @Override
    public EchoClient connect(int port, int payloadBytes, int inFlight) throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        ConcurrentHashMap<Long, Runnable> waiting = new ConcurrentHashMap<>();
        AtomicLong ids = new AtomicLong();
        Channel connection = new Bootstrap()
                .group(loops)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(frames((context, frame) -> {
                    Runnable waiter = waiting.remove(frame.getLong(4));
                    frame.release();
                    if (waiter != null) {
                        waiter.run();
                    }
                }))
                .connect("127.0.0.1", port)
                .sync()
                .channel();
        byte[] payload = new byte[payloadBytes];
        return new EchoClient() {
            @Override
            public void run(Load load) throws Exception {
                if (virtualThreads) {
                    load.blocking(
                            Thread.ofVirtual().factory(), Collections.nCopies(load.inFlight(), this::callAndPark));
                } else {
                    load.async(done -> send(done, connection.eventLoop().inEventLoop()));
                }
            }

            private void callAndPark() {
                Waiter waiter = new Waiter(Thread.currentThread());
                send(waiter, false);
                while (!waiter.done) {
                    LockSupport.park(waiter);
                }
            }

            // On the event loop the flush comes when everything that was read is handled.
            private void send(Runnable then, boolean flushLater) {
                long id = ids.incrementAndGet();
                waiting.put(id, then);
                ByteBuf frame = connection.alloc().ioBuffer(12 + payloadBytes);
                frame.writeInt(8 + payloadBytes).writeLong(id).writeBytes(payload);
                if (flushLater) {
                    connection.write(frame);
                } else {
                    connection.writeAndFlush(frame);
                }
            }

            @Override
            public void close() {
                connection.close().syncUninterruptibly();
                loops.shutdownGracefully();
            }
        };
    }

    private static final class Waiter implements Runnable {
        private final Thread thread;
        private volatile boolean done;

        Waiter(Thread thread) {
            this.thread = thread;
        }

        @Override
        public void run() {
            done = true;
            LockSupport.unpark(thread);
        }
    }
}
