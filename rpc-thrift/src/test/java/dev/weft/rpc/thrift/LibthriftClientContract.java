package dev.weft.rpc.thrift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Address;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.thrift.generated.Calls;
import dev.weft.rpc.thrift.generated.Other;
import java.util.ArrayList;
import java.util.List;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.protocol.TMultiplexedProtocol;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolFactory;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.TTransport;
import org.apache.thrift.transport.layered.TFramedTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The real library as a client of a Weft server. */
abstract class LibthriftClientContract extends CallsContract {
    private final TProtocolFactory encoding;
    private final List<TTransport> transports = new ArrayList<>();
    final CallsHandler handler = new CallsHandler();
    private RpcServer server;

    LibthriftClientContract(TProtocolFactory encoding) {
        this.encoding = encoding;
    }

    @BeforeEach
    void startServer() throws Exception {
        server = ThriftServices.builder()
                .service("Calls", Calls.Processor::new, handler)
                .service("Other", Other.Processor::new, new OtherHandler())
                .build()
                .addTo(RpcServer.builder())
                .listen("tcp://127.0.0.1:0")
                .start();
    }

    @AfterEach
    void stopServer() {
        transports.forEach(TTransport::close);
        server.close();
    }

    TProtocol connect() throws Exception {
        Address address = server.addresses().getFirst();
        TFramedTransport transport = new TFramedTransport(new TSocket(address.host(), address.port(), 60_000));
        transport.open();
        transports.add(transport);
        return encoding.getProtocol(transport);
    }

    @Override
    Calls.Iface calls() throws Exception {
        return new Calls.Client(new TMultiplexedProtocol(connect(), "Calls"));
    }

    @Override
    Other.Iface other() throws Exception {
        return new Other.Client(new TMultiplexedProtocol(connect(), "Other"));
    }

    @Override
    Calls.Iface unknown() throws Exception {
        return new Calls.Client(new TMultiplexedProtocol(connect(), "Other"));
    }

    @Override
    void assertUnknownMethod(Exception thrown) {
        TApplicationException exception = assertInstanceOf(TApplicationException.class, thrown);
        assertEquals(TApplicationException.UNKNOWN_METHOD, exception.getType());
        assertEquals("Invalid method name: 'Other:find'", exception.getMessage());
    }

    @Override
    void assertInternal(Exception thrown, String part) {
        TApplicationException exception = assertInstanceOf(TApplicationException.class, thrown);
        assertEquals(TApplicationException.INTERNAL_ERROR, exception.getType());
        assertTrue(String.valueOf(exception.getMessage()).contains(part), exception.getMessage());
    }
}
