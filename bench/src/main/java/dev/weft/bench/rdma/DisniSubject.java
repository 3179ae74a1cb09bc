package dev.weft.bench.rdma;

import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaEventChannel;
import com.ibm.disni.verbs.SVCPostSend;
import dev.weft.bench.rpc.Load;
import dev.weft.rpc.rdma.ffm.FfmVerbsProvider;
import dev.weft.rpc.rdma.verbs.DisniProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/** DiSNI's own interface on Weft's verbs: a message there and back, and one-sided requests, by one platform thread. */
final class DisniSubject implements Subject {
    private static final int RESOLVE_MILLIS = 2000;

    private boolean installed;

    private static void install() throws IOException {
        DisniProvider.install(new FfmVerbsProvider());
    }

    @Override
    public String serve(String host) throws Exception {
        install();
        return listen(host);
    }

    /** On whatever provider is installed. */
    static String listen(String host) throws IOException {
        RdmaEventChannel events = RdmaEventChannel.createEventChannel();
        RdmaCmId listener = events.createId(RdmaCm.RDMA_PS_TCP);
        listener.bindAddr(new InetSocketAddress(InetAddress.getByName(host), 0));
        listener.listen(8);
        Thread.ofPlatform().daemon().name("disni-accept").start(() -> acceptAll(events));
        return host + ":" + ((InetSocketAddress) listener.getSource()).getPort();
    }

    /** One connection after the other. */
    private static void acceptAll(RdmaEventChannel events) {
        while (true) {
            try {
                var event = events.getCmEvent(1000);
                if (event == null) {
                    continue;
                }
                boolean asks = event.getEvent()
                        == List.of(EventType.values()).indexOf(EventType.RDMA_CM_EVENT_CONNECT_REQUEST);
                RdmaCmId id = event.getConnIdPriv();
                event.ackEvent();
                if (asks) {
                    DisniEnd end = new DisniEnd(id);
                    id.accept(DisniEnd.param());
                    Thread.ofPlatform().daemon().name("disni-echo").start(() -> echoAll(end));
                }
            } catch (IOException e) {
                System.err.println("accepting failed: " + e.getMessage());
            }
        }
    }

    /** Answers the first message by where its memory is, and all others by themselves, until the client leaves. */
    private static void echoAll(DisniEnd end) {
        try {
            end.receive();
            end.memory
                    .putLong(DisniEnd.SEND_AT, end.region.getAddr())
                    .putInt(DisniEnd.SEND_AT + 8, end.region.getRkey());
            end.send(12);
            while (true) {
                end.send(end.receive());
            }
        } catch (IOException e) {
            // The end of the connection: its requests were flushed.
            try {
                end.close();
            } catch (IOException unexpected) {
                System.err.println("closing failed: " + unexpected.getMessage());
            }
        }
    }

    @Override
    public OptionalDouble run(String server, Operation operation, Supplier<Load> load) throws Exception {
        if (!installed) {
            install();
            installed = true;
        }
        try (Client client = new Client(server)) {
            load.get().blocking(Thread.ofPlatform().factory(), List.of(client.call(operation)));
        }
        return OptionalDouble.empty();
    }

    /** A connection to a server. */
    static final class Client implements AutoCloseable {
        private final RdmaEventChannel events = RdmaEventChannel.createEventChannel();
        private final RdmaCmId id = events.createId(RdmaCm.RDMA_PS_TCP);
        private final DisniEnd end;
        private final long address;
        private final int rkey;

        Client(String server) throws IOException {
            int colon = server.lastIndexOf(':');
            InetAddress host = InetAddress.getByName(server.substring(0, colon));
            int port = Integer.parseInt(server.substring(colon + 1));
            id.resolveAddr(null, new InetSocketAddress(host, port), RESOLVE_MILLIS);
            DisniEnd.expect(events, EventType.RDMA_CM_EVENT_ADDR_RESOLVED);
            id.resolveRoute(RESOLVE_MILLIS);
            DisniEnd.expect(events, EventType.RDMA_CM_EVENT_ROUTE_RESOLVED);
            end = new DisniEnd(id);
            id.connect(DisniEnd.param());
            DisniEnd.expect(events, EventType.RDMA_CM_EVENT_ESTABLISHED);
            end.send(1);
            end.receive();
            address = end.receivedLong();
            rkey = end.receivedInt();
        }

        Load.BlockingCall call(Operation operation) throws IOException {
            if (operation.kind() == Operation.Kind.ECHO) {
                return () -> {
                    end.send(operation.bytes());
                    if (end.receive() != operation.bytes()) {
                        throw new IllegalStateException("not the payload");
                    }
                };
            }
            SVCPostSend chain = end.chain(operation, address, rkey);
            return () -> end.execute(chain);
        }

        @Override
        public void close() throws IOException {
            id.disconnect();
            end.close();
            events.destroyEventChannel();
        }
    }
}
