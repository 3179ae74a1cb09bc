package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.SVCPollCq;
import java.io.IOException;

/** DiSNI's call that polls a completion queue; allocates nothing. */
final class PollCall extends SVCPollCq {
    private final SoftwareCq cq;
    private final IbvWC[] completions;
    private final int max;
    private int polls;
    private boolean valid = true;

    PollCall(SoftwareCq cq, IbvWC[] completions, int max) {
        this.cq = cq;
        this.completions = completions;
        this.max = max;
    }

    @Override
    public PollCall execute() throws IOException {
        polls = cq.take(completions, max);
        return this;
    }

    @Override
    public int getPolls() {
        return polls;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public PollCall free() {
        valid = false;
        return this;
    }
}
