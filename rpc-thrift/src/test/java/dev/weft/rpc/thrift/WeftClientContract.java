package dev.weft.rpc.thrift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.thrift.generated.Calls;
import dev.weft.rpc.thrift.generated.Other;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Generated clients over Weft calls to a Weft server. */
abstract class WeftClientContract extends CallsContract {
    private final String address;
    private final Encoding encoding;
    private RpcServer server;
    private RpcClient client;

    WeftClientContract(String address, Encoding encoding) {
        this.address = address;
        this.encoding = encoding;
    }

    @BeforeEach
    void start() throws Exception {
        server = ThriftServices.builder()
                .service("Calls", Calls.Processor::new, new CallsHandler())
                .service("Other", Other.Processor::new, new OtherHandler())
                .build()
                .addTo(RpcServer.builder())
                .listen(address)
                .start();
        client = RpcClient.create();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private Calls.Iface named(String service) {
        return ThriftClient.of(service, Calls.Client::new, client.peer(server.address()))
                .withEncoding(encoding)
                .get();
    }

    @Override
    Calls.Iface calls() {
        return named("Calls");
    }

    @Override
    Other.Iface other() {
        return ThriftClient.of("Other", Other.Client::new, client.peer(server.address()))
                .withEncoding(encoding)
                .multiplexed()
                .get();
    }

    @Override
    Calls.Iface unknown() {
        return named("Other");
    }

    @Override
    void assertUnknownMethod(Exception thrown) {
        assertEquals(
                StatusCode.UNIMPLEMENTED,
                assertInstanceOf(RpcException.class, thrown).code());
    }

    @Override
    void assertInternal(Exception thrown, String part) {
        assertEquals(
                StatusCode.INTERNAL,
                assertInstanceOf(RpcException.class, thrown).code());
    }
}
