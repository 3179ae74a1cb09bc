package dev.weft.rpc.thrift;

final class WeftClientTcpBinaryTest extends WeftClientContract {
    WeftClientTcpBinaryTest() {
        super("tcp://127.0.0.1:0", Encoding.BINARY);
    }
}
