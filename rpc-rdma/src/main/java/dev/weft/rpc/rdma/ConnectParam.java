package dev.weft.rpc.rdma;

import com.ibm.disni.verbs.RdmaConnParam;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Parameters of a connection; the fields that DiSNI's setters refuse are its own. */
final class ConnectParam extends RdmaConnParam {
    /** What connects or accepts. */
    @FunctionalInterface
    interface Use {
        void with(RdmaConnParam param) throws IOException;
    }

    private ConnectParam(MemorySegment data, RdmaConfig config) throws IOException {
        setPrivate_data(data.address());
        setPrivate_data_len((byte) data.byteSize());
        initiator_depth = (byte) config.queuePairs().maxReads();
        responder_resources = (byte) config.queuePairs().maxReads();
        retry_count = (byte) config.queuePairs().retryCount();
        // Flow control makes a receiver that is not ready impossible; if it happens, it is an error, not a delay.
        rnr_retry_count = 0;
    }

    /** Has {@code use} done with parameters that carry data for the peer; the provider copies it before it returns. */
    static void with(byte[] data, RdmaConfig config, Use use) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            use.with(new ConnectParam(arena.allocateFrom(ValueLayout.JAVA_BYTE, data), config));
        }
    }
}
