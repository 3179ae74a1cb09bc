package dev.weft.storage;

import java.util.List;

final class TcpReplicationTest extends ReplicationContract {
    TcpReplicationTest() {
        super(new RpcNetwork(_ -> "tcp://127.0.0.1:0", _ -> List.of()));
    }
}
