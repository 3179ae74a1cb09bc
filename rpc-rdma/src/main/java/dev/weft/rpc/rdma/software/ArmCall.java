package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;

/** DiSNI's call that has the next completion wake the channel; allocates nothing. */
final class ArmCall extends SVCReqNotify {
    private final SoftwareCq cq;
    private final boolean solicitedOnly;
    private boolean valid = true;

    ArmCall(SoftwareCq cq, boolean solicitedOnly) {
        this.cq = cq;
        this.solicitedOnly = solicitedOnly;
    }

    @Override
    public ArmCall execute() throws IOException {
        cq.arm(solicitedOnly);
        return this;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public ArmCall free() {
        valid = false;
        return this;
    }
}
