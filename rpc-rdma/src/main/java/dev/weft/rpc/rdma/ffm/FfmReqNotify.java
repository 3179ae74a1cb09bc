package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;

/** Arms a completion queue. */
final class FfmReqNotify extends SVCReqNotify {
    private final FfmCq queue;
    private final int solicitedOnly;
    private boolean valid = true;

    FfmReqNotify(FfmCq queue, boolean solicitedOnly) {
        this.queue = queue;
        this.solicitedOnly = solicitedOnly ? 1 : 0;
    }

    @Override
    public FfmReqNotify execute() throws IOException {
        if (!valid || !queue.isOpen()) {
            throw new IOException("the completion queue is closed");
        }
        int errno = HotCalls.requestNotification(queue.ffmContext().reqNotifyCq, queue.address, solicitedOnly);
        if (errno != 0) {
            throw new NativeException("ibv_req_notify_cq", Math.abs(errno));
        }
        return this;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public FfmReqNotify free() {
        valid = false;
        return this;
    }
}
