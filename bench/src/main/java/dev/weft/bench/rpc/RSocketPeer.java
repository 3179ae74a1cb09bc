package dev.weft.bench.rpc;

import io.rsocket.RSocket;
import io.rsocket.SocketAcceptor;
import io.rsocket.core.RSocketConnector;
import io.rsocket.core.RSocketServer;
import io.rsocket.frame.decoder.PayloadDecoder;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.transport.netty.server.CloseableChannel;
import io.rsocket.transport.netty.server.TcpServerTransport;
import io.rsocket.util.ByteBufPayload;
import reactor.core.publisher.Mono;

/** RSocket over TCP, asynchronous and with zero-copy payloads: its best case. */
final class RSocketPeer implements EchoPeer {
    @Override
    public int serve() {
        CloseableChannel server = RSocketServer.create(SocketAcceptor.forRequestResponse(Mono::just))
                .payloadDecoder(PayloadDecoder.ZERO_COPY)
                .fragment(1 << 20)
                .bindNow(TcpServerTransport.create("127.0.0.1", 0));
        return server.address().getPort();
    }

    @Override
    public EchoClient connect(int port, int payloadBytes, int inFlight) {
        RSocket socket = RSocketConnector.create()
                .payloadDecoder(PayloadDecoder.ZERO_COPY)
                .fragment(1 << 20)
                .connect(TcpClientTransport.create("127.0.0.1", port))
                .block();
        if (socket == null) {
            throw new IllegalStateException("no connection");
        }
        byte[] payload = new byte[payloadBytes];
        return new EchoClient() {
            @Override
            public void run(Load load) throws Exception {
                load.async(done -> socket.requestResponse(ByteBufPayload.create(payload))
                        .subscribe(reply -> {
                            reply.release();
                            done.run();
                        }));
            }

            @Override
            public void close() {
                socket.dispose();
            }
        };
    }
}
