package dev.weft.rpc.thrift;

final class WeftClientRdmaBinaryTest extends WeftClientContract {
    WeftClientRdmaBinaryTest() {
        super("rdma://127.0.0.1:0", Encoding.BINARY);
    }
}
