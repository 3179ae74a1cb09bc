package dev.weft.storage;

final class DirectReplicationTest extends ReplicationContract {
    DirectReplicationTest() {
        super(new DirectNetwork());
    }
}
