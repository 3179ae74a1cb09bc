package dev.weft.rpc.thrift;

import org.apache.thrift.protocol.TBinaryProtocol;

final class LibthriftClientBinaryTest extends LibthriftClientContract {
    LibthriftClientBinaryTest() {
        super(new TBinaryProtocol.Factory());
    }
}
