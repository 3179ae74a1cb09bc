package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPCap;
import com.ibm.disni.verbs.IbvQPInitAttr;
import java.io.IOException;

/** What a queue pair is made of. */
record QueuePairConfig(
        SoftwarePd pd,
        SoftwareCq sendCq,
        SoftwareCq receiveCq,
        boolean signalAll,
        int maxSends,
        int maxReceives,
        int maxSendSge,
        int maxReceiveSge,
        int maxInline) {

    static QueuePairConfig of(SoftwarePd pd, IbvQPInitAttr attributes) throws IOException {
        if (attributes.getQp_type() != IbvQP.IBV_QPT_RC) {
            throw Errno.EINVAL.because(
                    "queue pairs of type " + attributes.getQp_type() + ": there is RC only, " + IbvQP.IBV_QPT_RC);
        }
        if (!(attributes.getSend_cq() instanceof SoftwareCq sendCq)
                || !(attributes.getRecv_cq() instanceof SoftwareCq receiveCq)
                || sendCq.context() != pd.context()
                || receiveCq.context() != pd.context()) {
            throw Errno.EINVAL.because("the completion queues and the protection domain are not of one device");
        }
        IbvQPCap cap = attributes.cap();
        return new QueuePairConfig(
                pd,
                sendCq,
                receiveCq,
                attributes.getSq_sig_all() != 0,
                within("max_send_wr", cap.getMax_send_wr(), SoftwareDevice.WORK_REQUESTS_MAX),
                within("max_recv_wr", cap.getMax_recv_wr(), SoftwareDevice.WORK_REQUESTS_MAX),
                within("max_send_sge", cap.getMax_send_sge(), SoftwareDevice.SGE_MAX),
                within("max_recv_sge", cap.getMax_recv_sge(), SoftwareDevice.SGE_MAX),
                within("max_inline_data", cap.getMax_inline_data(), SoftwareDevice.INLINE_MAX));
    }

    private static int within(String name, int value, int max) throws IOException {
        if (value < 0 || value > max) {
            throw Errno.EINVAL.because(name + " of " + value + " is not in 0.." + max);
        }
        return value;
    }
}
