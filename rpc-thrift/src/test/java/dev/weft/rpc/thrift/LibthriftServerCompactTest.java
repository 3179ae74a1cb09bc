package dev.weft.rpc.thrift;

import org.apache.thrift.protocol.TCompactProtocol;

final class LibthriftServerCompactTest extends LibthriftServerContract {
    LibthriftServerCompactTest() {
        super(Encoding.COMPACT, new TCompactProtocol.Factory());
    }
}
