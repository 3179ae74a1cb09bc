package dev.weft.rpc.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.ibm.disni.RdmaActiveEndpointGroup;
import com.ibm.disni.RdmaEndpoint;
import com.ibm.disni.RdmaEndpointGroup;
import com.ibm.disni.RdmaPassiveEndpointGroup;
import com.ibm.disni.RdmaServerEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Applications that use nothing but DiSNI, endpoint groups included, run on a provider that was installed. */
@Timeout(60)
@SuppressWarnings("exports") // of JUnit: nobody requires a module of tests
public abstract class DisniApplicationContract {
    private static final int TIMEOUT_MILLIS = 1000;
    private static final int REQUESTS = 16;
    private static final int COMPLETIONS = 64;

    /** For the tests of each provider. */
    protected DisniApplicationContract() {}

    /** Makes a provider DiSNI's default; an address of one of its devices. */
    protected abstract InetAddress install() throws IOException;

    @Test
    void runsActiveEndpoints() throws Exception {
        InetAddress address = install();
        var group = new RdmaActiveEndpointGroup<DisniActivePeer>(TIMEOUT_MILLIS, false, REQUESTS, 4, COMPLETIONS);
        group.init((id, serverSide) -> new DisniActivePeer(group, id, serverSide));
        exchange(group, address);
        group.close();
    }

    @Test
    void runsActiveEndpointsThatPoll() throws Exception {
        InetAddress address = install();
        var group = new RdmaActiveEndpointGroup<DisniActivePeer>(TIMEOUT_MILLIS, true, REQUESTS, 4, COMPLETIONS);
        group.init((id, serverSide) -> new DisniActivePeer(group, id, serverSide));
        exchange(group, address);
        group.close();
    }

    @Test
    void runsPassiveEndpoints() throws Exception {
        InetAddress address = install();
        var group = new RdmaPassiveEndpointGroup<DisniPassivePeer>(TIMEOUT_MILLIS, REQUESTS, 4, COMPLETIONS);
        group.init((id, serverSide) -> new DisniPassivePeer(group, id, serverSide));
        exchange(group, address);
        group.close();
    }

    /** Twice, one after the other: what the first connection has left must not be in the way of the second. */
    private static <P extends RdmaEndpoint & DisniPeer> void exchange(RdmaEndpointGroup<P> group, InetAddress address)
            throws Exception {
        RdmaServerEndpoint<P> server = group.createServerEndpoint();
        server.bind(new InetSocketAddress(address, 0), 8);
        for (int round = 0; round < 2; round++) {
            String text = "text of round " + round;
            var serving = new FutureTask<>(() -> {
                DisniPeer.serve(server.accept(), text);
                return null;
            });
            Thread.ofPlatform().name("disni-server").start(serving);
            P client = group.createEndpoint();
            client.connect(server.getSrcAddr(), TIMEOUT_MILLIS);
            assertEquals(text, DisniPeer.read(client));
            serving.get(20, TimeUnit.SECONDS);
        }
        server.close();
    }
}
