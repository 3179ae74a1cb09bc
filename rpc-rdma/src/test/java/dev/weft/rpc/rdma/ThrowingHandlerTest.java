package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.rpc.Address;
import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.software.SoftwareFabric;
import dev.weft.rpc.rdma.software.SoftwareVerbsProvider;
import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.MemoryRegistry;
import dev.weft.rpc.spi.MessageHandler;
import dev.weft.rpc.spi.MessageKind;
import dev.weft.rpc.spi.Transport;
import dev.weft.rpc.spi.TransportConfig;
import dev.weft.rpc.spi.TransportListener;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** The poller's thread serves all connections of a device: a fault in one of them is not theirs. */
final class ThrowingHandlerTest {
    private static final String REASON = "handling what came over it failed: java.lang.IllegalStateException: id 13";

    private final Environment environment = Environment.system();
    private final SoftwareFabric fabric = SoftwareFabric.of(environment);
    private final SoftwareVerbsProvider serverVerbs = fabric.host(fabric.device("s0", "10.0.0.1"));
    private final SoftwareVerbsProvider clientVerbs = fabric.host(fabric.device("c0", "10.0.0.2"));
    private final BlockingQueue<Long> handled = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();

    private final class Fragile implements MessageHandler {
        @Override
        public void onMessages(InboundMessage first) {
            if (first.id() == 13) {
                throw new IllegalStateException("id 13");
            }
            handled.add(first.id());
        }

        @Override
        public void onClosed(String reason) {
            ended.add(reason);
        }
    }

    @Test
    void aFaultInAHandlerCostsItsConnectionOnly() throws Exception {
        try (Transport transport = new RdmaTransportProvider(RdmaConfig.defaults(), serverVerbs)
                        .create(environment, new MemoryRegistry(environment.random()), TransportConfig.defaults());
                TransportListener listener =
                        transport.listen(Address.parse("rdma://10.0.0.1:0"), connection -> new Fragile())) {
            var at = new InetSocketAddress("10.0.0.1", listener.address().port());
            try (RawPeer one = new RawPeer(clientVerbs, at, RawPeer.request(1));
                    RawPeer other = new RawPeer(clientVerbs, at, RawPeer.request(2))) {
                other.send(RawPeer.WITH_MESSAGES, request(1));
                assertEquals(1, handled.take());
                one.send(RawPeer.WITH_MESSAGES, request(13));
                assertEquals(REASON, one.reasonOfEnd());
                assertEquals(REASON, ended.take());
                other.send(RawPeer.WITH_MESSAGES, request(2));
                assertEquals(2, handled.take());
            }
        }
    }

    private static byte[] request(long id) {
        byte[] frame = new byte[MessageHeader.BYTES];
        MessageHeader.fillIn(frame, frame.length, MessageKind.REQUEST, id);
        return frame;
    }
}
