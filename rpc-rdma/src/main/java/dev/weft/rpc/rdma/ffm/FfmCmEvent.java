package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import dev.weft.rpc.rdma.verbs.Owned;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** An event of a connection. Its private data can be read until it is acknowledged. */
final class FfmCmEvent extends RdmaCmEvent implements Owned {
    private final FfmVerbsProvider owner;
    private final long address;
    private final AtomicBoolean acknowledged = new AtomicBoolean();

    FfmCmEvent(
            FfmVerbsProvider owner,
            long address,
            int kind,
            int eventStatus,
            @Nullable RdmaCmId listening,
            RdmaCmId id,
            RdmaConnParam parameters)
            throws IOException {
        super(kind, listening, id);
        this.owner = owner;
        this.address = address;
        status = eventStatus;
        conn = parameters;
    }

    @Override
    public FfmVerbsProvider owner() {
        return owner;
    }

    void acknowledge() throws IOException {
        if (acknowledged.compareAndSet(false, true)) {
            Rdmacm.ACK_CM_EVENT.call(address);
        }
    }
}
