package dev.weft.bench.rpc;

import dev.weft.rpc.ClientConfig;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import java.lang.foreign.MemorySegment;
import java.util.Collections;

/** Weft as a user has it: blocking calls and handlers on virtual threads, all defaults. */
final class WeftPeer implements EchoPeer {
    @Override
    public int serve() throws Exception {
        PayloadEcho echo = payload -> payload;
        RpcServer server = RpcServer.builder()
                .bind(PayloadEchoRpc.SERVICE, echo)
                .listen("tcp://127.0.0.1:0")
                .start();
        return server.addresses().getFirst().port();
    }

    @Override
    public EchoClient connect(int port, int payloadBytes, int inFlight) {
        RpcClient client = RpcClient.builder().config(ClientConfig.defaults()).build();
        PayloadEcho echo = client.stub(PayloadEchoRpc.SERVICE, "tcp://127.0.0.1:" + port);
        Payload payload = new Payload(MemorySegment.ofArray(new byte[payloadBytes]));
        return new EchoClient() {
            @Override
            public void run(Load load) throws Exception {
                Load.BlockingCall call = () -> {
                    if (echo.echo(payload).bytes().byteSize() != payloadBytes) {
                        throw new IllegalStateException("not the payload");
                    }
                };
                load.blocking(Thread.ofVirtual().factory(), Collections.nCopies(load.inFlight(), call));
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }
}
