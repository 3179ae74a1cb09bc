package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.RdmaConnParam;
import dev.weft.rpc.rdma.ffm.Layouts.ConnParam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Writes connection parameters for C. */
final class ConnParams {
    /** RDMA_MAX_RESP_RES and RDMA_MAX_INIT_DEPTH. */
    private static final int AS_MANY_AS_POSSIBLE = 0xff;

    private ConnParams() {}

    /**
     * DiSNI does not let an application say how many reads may be under way; if nobody did, they are as many as the device
     * can do.
     */
    static MemorySegment encode(RdmaConnParam parameters, Arena arena) {
        MemorySegment memory = arena.allocate(ConnParam.SIZE, Long.BYTES);
        memory.set(ValueLayout.JAVA_LONG, ConnParam.PRIVATE_DATA, parameters.getPrivate_data());
        setByte(memory, ConnParam.PRIVATE_DATA_LEN, parameters.getPrivate_data_len());
        setByte(memory, ConnParam.RESPONDER_RESOURCES, orMost(parameters.getResponder_resources()));
        setByte(memory, ConnParam.INITIATOR_DEPTH, orMost(parameters.getInitiator_depth()));
        setByte(memory, ConnParam.FLOW_CONTROL, parameters.getFlow_control());
        setByte(memory, ConnParam.RETRY_COUNT, parameters.getRetry_count());
        setByte(memory, ConnParam.RNR_RETRY_COUNT, parameters.getRnr_retry_count());
        setByte(memory, ConnParam.SRQ, parameters.getSrq());
        memory.set(ValueLayout.JAVA_INT, ConnParam.QP_NUM, parameters.getQp_num());
        return memory;
    }

    private static int orMost(byte reads) {
        return reads == 0 ? AS_MANY_AS_POSSIBLE : reads;
    }

    static void setByte(MemorySegment memory, int field, int value) {
        memory.set(ValueLayout.JAVA_BYTE, field, (byte) value);
    }
}
