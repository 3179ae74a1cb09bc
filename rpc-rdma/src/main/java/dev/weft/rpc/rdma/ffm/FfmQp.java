package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.IbvQP;
import dev.weft.rpc.rdma.ffm.Layouts.Qp;
import dev.weft.rpc.rdma.verbs.Owned;
import java.io.IOException;

/** A queue pair of a connection. */
final class FfmQp extends IbvQP implements Owned {
    final long address;

    private final FfmContext ffmContext;
    private volatile boolean lostPosts;

    FfmQp(FfmPd pd, FfmCq sendQueue, FfmCq receiveQueue, long address) throws IOException {
        super(Memory.getInt(address + Qp.QP_NUM));
        this.address = address;
        ffmContext = pd.ffmContext();
        context = ffmContext;
        this.pd = pd;
        send_cq = sendQueue;
        recv_cq = receiveQueue;
        qp_num = Memory.getInt(address + Qp.QP_NUM);
        handle = Memory.getInt(address + Qp.HANDLE);
        qp_type = IBV_QPT_RC;
    }

    @Override
    public FfmVerbsProvider owner() {
        return ffmContext.owner();
    }

    FfmContext ffmContext() {
        return ffmContext;
    }

    /** The connection has ended. Software iWARP would take further requests and never complete them. */
    void ended() {
        lostPosts = ffmContext.isIwarp();
    }

    boolean losesPosts() {
        return lostPosts;
    }
}
