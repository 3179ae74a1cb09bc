package dev.weft.meta;

import java.util.List;

final class TcpMetaServerTest extends RpcMetaServerContract {
    TcpMetaServerTest() {
        super("tcp://127.0.0.1:0", List.of());
    }
}
