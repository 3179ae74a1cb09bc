package dev.weft.rpc.thrift;

import org.apache.thrift.protocol.TCompactProtocol;

final class LibthriftClientCompactTest extends LibthriftClientContract {
    LibthriftClientCompactTest() {
        super(new TCompactProtocol.Factory());
    }
}
