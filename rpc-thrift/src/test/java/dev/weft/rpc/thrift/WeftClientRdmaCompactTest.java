package dev.weft.rpc.thrift;

final class WeftClientRdmaCompactTest extends WeftClientContract {
    WeftClientRdmaCompactTest() {
        super("rdma://127.0.0.1:0", Encoding.COMPACT);
    }
}
