package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.IbvQPCap;
import com.ibm.disni.verbs.IbvQPInitAttr;
import dev.weft.rpc.rdma.ffm.Layouts.CmId;
import dev.weft.rpc.rdma.ffm.Layouts.QpInitAttr;
import dev.weft.rpc.rdma.verbs.QpSettings;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Makes and destroys the queue pairs of connections. */
final class QueuePairs {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private final FfmVerbsProvider provider;

    QueuePairs(FfmVerbsProvider provider) {
        this.provider = provider;
    }

    /** Writes the limits that the queue pair really has back to {@code wanted}, as C does. */
    FfmQp create(FfmCmId id, FfmPd pd, IbvQPInitAttr wanted) throws IOException {
        FfmContext context = id.ffmContext();
        if (context == null) {
            throw new IOException("a queue pair can be made when the address was resolved, not before");
        }
        FfmCq sendQueue = provider.own(FfmCq.class, wanted.getSend_cq());
        FfmCq receiveQueue = provider.own(FfmCq.class, wanted.getRecv_cq());
        QpSettings settings = id.settings();
        if (settings != null) {
            Settings.check(settings, id, context);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = encode(wanted, sendQueue, receiveQueue, arena);
            QpSettings ours =
                    settings != null && !context.isIwarp() && Settings.needTransitions(settings) ? settings : null;
            long address;
            if (ours != null) {
                address = Ibverbs.CREATE_QP.pointer(pd.address, attributes.address());
            } else {
                Rdmacm.CREATE_QP.call(id.address, pd.address, attributes.address());
                address = Memory.getLong(id.address + CmId.QP);
            }
            var qp = new FfmQp(pd, sendQueue, receiveQueue, address);
            decode(attributes, wanted.cap());
            id.queuePair(qp);
            if (ours != null) {
                var transitions = new QpTransitions(id, qp, ours);
                id.transitions(transitions);
                transitions.toInit();
            }
            return qp;
        }
    }

    private static MemorySegment encode(IbvQPInitAttr wanted, FfmCq sendQueue, FfmCq receiveQueue, Arena arena) {
        MemorySegment attributes = arena.allocate(QpInitAttr.SIZE, Long.BYTES);
        attributes.set(LONG, QpInitAttr.SEND_CQ, sendQueue.address);
        attributes.set(LONG, QpInitAttr.RECV_CQ, receiveQueue.address);
        attributes.set(INT, QpInitAttr.MAX_SEND_WR, wanted.cap().getMax_send_wr());
        attributes.set(INT, QpInitAttr.MAX_RECV_WR, wanted.cap().getMax_recv_wr());
        attributes.set(INT, QpInitAttr.MAX_SEND_SGE, wanted.cap().getMax_send_sge());
        attributes.set(INT, QpInitAttr.MAX_RECV_SGE, wanted.cap().getMax_recv_sge());
        attributes.set(INT, QpInitAttr.MAX_INLINE_DATA, wanted.cap().getMax_inline_data());
        attributes.set(INT, QpInitAttr.QP_TYPE, wanted.getQp_type());
        attributes.set(INT, QpInitAttr.SQ_SIG_ALL, wanted.getSq_sig_all());
        return attributes;
    }

    private static void decode(MemorySegment attributes, IbvQPCap cap) {
        cap.setMax_send_wr(attributes.get(INT, QpInitAttr.MAX_SEND_WR));
        cap.setMax_recv_wr(attributes.get(INT, QpInitAttr.MAX_RECV_WR));
        cap.setMax_send_sge(attributes.get(INT, QpInitAttr.MAX_SEND_SGE));
        cap.setMax_recv_sge(attributes.get(INT, QpInitAttr.MAX_RECV_SGE));
        cap.setMax_inline_data(attributes.get(INT, QpInitAttr.MAX_INLINE_DATA));
    }

    static void destroy(FfmCmId id) throws IOException {
        FfmQp qp = id.queuePair();
        if (qp == null) {
            return;
        }
        qp.close();
        if (id.transitions() == null) {
            Rdmacm.DESTROY_QP.call(id.address);
        } else {
            Ibverbs.DESTROY_QP.call(qp.address);
        }
        id.transitions(null);
        id.queuePair(null);
    }
}
