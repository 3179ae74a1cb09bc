package dev.weft.rpc.testkit;

import dev.weft.rpc.Environment;
import dev.weft.rpc.spi.TransportProvider;
import java.util.concurrent.atomic.AtomicInteger;

final class InMemoryTransportTest extends TransportContract {
    private final InMemoryNetwork network = new InMemoryNetwork(Environment.system());
    private final AtomicInteger listeners = new AtomicInteger();

    @Override
    protected TransportProvider transport() {
        return network.node("node");
    }

    @Override
    protected String listenAddress() {
        return "mem://node/" + listeners.incrementAndGet();
    }
}
