package dev.weft.examples.hello;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.rpc.RpcServer;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class HelloTest {
    @Test
    void saysHelloOverTcp() throws IOException {
        assertHelloOver("tcp://127.0.0.1:0");
    }

    @Test
    void saysHelloOverEmulatedRdma() throws IOException {
        assertHelloOver("rdma://127.0.0.1:0");
    }

    @Test
    @Tag("rdma")
    void saysHelloOverRdma() throws IOException {
        assertHelloOver("rdma://10.0.0.1:0");
    }

    @Test
    @Tag("rdma")
    void saysHelloOverRdmaByIpV6() throws IOException {
        assertHelloOver("rdma://[fd00::1]:0");
    }

    private static void assertHelloOver(String address) throws IOException {
        try (RpcServer server = HelloServer.start(address)) {
            assertEquals("Hello, Weft!", HelloClient.greet(server.address(), "Weft"));
        }
    }
}
