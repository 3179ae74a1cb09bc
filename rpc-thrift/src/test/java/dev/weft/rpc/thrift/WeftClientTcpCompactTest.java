package dev.weft.rpc.thrift;

final class WeftClientTcpCompactTest extends WeftClientContract {
    WeftClientTcpCompactTest() {
        super("tcp://127.0.0.1:0", Encoding.COMPACT);
    }
}
