package dev.weft.rpc.testkit;

import dev.weft.rpc.Environment;
import dev.weft.rpc.spi.TransportProvider;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** The contract holds when messages take their time. */
final class SlowInMemoryTransportTest extends TransportContract {
    private final InMemoryNetwork network = new InMemoryNetwork(Environment.system());
    private final AtomicInteger listeners = new AtomicInteger();

    SlowInMemoryTransportTest() {
        network.setConditions(new LinkConditions(Duration.ofMillis(1), Duration.ofMillis(3), 0));
    }

    @Override
    protected TransportProvider transport() {
        return network.node("node");
    }

    @Override
    protected String listenAddress() {
        return "mem://node/" + listeners.incrementAndGet();
    }
}
