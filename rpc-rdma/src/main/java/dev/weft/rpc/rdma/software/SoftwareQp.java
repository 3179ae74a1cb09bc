package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.IbvQP;
import dev.weft.rpc.rdma.verbs.Owned;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;

/** DiSNI's face of a queue pair. */
final class SoftwareQp extends IbvQP implements Owned {
    private final QueuePair core;

    SoftwareQp(QueuePair core) throws IOException {
        super(core.number());
        this.core = core;
        this.context = core.context();
        this.pd = core.config().pd();
        this.send_cq = core.config().sendCq();
        this.recv_cq = core.config().receiveCq();
        this.qp_num = core.number();
        this.qp_type = IBV_QPT_RC;
    }

    @Override
    public VerbsProvider owner() {
        return core.context().owner();
    }

    QueuePair core() {
        return core;
    }

    @Override
    public int getState() {
        return core.state().number();
    }

    void end() {
        isOpen = false;
        core.destroy();
    }
}
