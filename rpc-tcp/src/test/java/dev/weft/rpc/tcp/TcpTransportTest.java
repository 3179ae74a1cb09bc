package dev.weft.rpc.tcp;

import dev.weft.rpc.spi.TransportProvider;
import dev.weft.rpc.testkit.TransportContract;

final class TcpTransportTest extends TransportContract {
    @Override
    protected TransportProvider transport() {
        return new TcpTransportProvider();
    }

    @Override
    protected String listenAddress() {
        return "tcp://127.0.0.1:0";
    }
}
