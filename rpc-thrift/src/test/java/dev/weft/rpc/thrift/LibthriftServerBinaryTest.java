package dev.weft.rpc.thrift;

import org.apache.thrift.protocol.TBinaryProtocol;

final class LibthriftServerBinaryTest extends LibthriftServerContract {
    LibthriftServerBinaryTest() {
        super(Encoding.BINARY, new TBinaryProtocol.Factory());
    }
}
