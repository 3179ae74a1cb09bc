package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.RdmaConnParam;
import dev.weft.rpc.rdma.ffm.Layouts.ConnParam;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Connection parameters between DiSNI and C. */
final class ConnParams {
    private ConnParams() {}

    /** The private data stays where it is. */
    static RdmaConnParam decode(long address) throws IOException {
        var parameters = new RdmaConnParam();
        parameters.setPrivate_data(Memory.getLong(address + ConnParam.PRIVATE_DATA));
        parameters.setPrivate_data_len(Memory.getByte(address + ConnParam.PRIVATE_DATA_LEN));
        parameters.setResponder_resources(Memory.getByte(address + ConnParam.RESPONDER_RESOURCES));
        parameters.setInitiator_depth(Memory.getByte(address + ConnParam.INITIATOR_DEPTH));
        parameters.setFlow_control(Memory.getByte(address + ConnParam.FLOW_CONTROL));
        parameters.setRetry_count(Memory.getByte(address + ConnParam.RETRY_COUNT));
        parameters.setRnr_retry_count(Memory.getByte(address + ConnParam.RNR_RETRY_COUNT));
        parameters.setSrq(Memory.getByte(address + ConnParam.SRQ));
        parameters.setQp_num(Memory.getInt(address + ConnParam.QP_NUM));
        return parameters;
    }

    static MemorySegment encode(RdmaConnParam parameters, Arena arena) {
        MemorySegment memory = arena.allocate(ConnParam.SIZE, Long.BYTES);
        memory.set(ValueLayout.JAVA_LONG, ConnParam.PRIVATE_DATA, parameters.getPrivate_data());
        setByte(memory, ConnParam.PRIVATE_DATA_LEN, parameters.getPrivate_data_len());
        setByte(memory, ConnParam.RESPONDER_RESOURCES, parameters.getResponder_resources());
        setByte(memory, ConnParam.INITIATOR_DEPTH, parameters.getInitiator_depth());
        setByte(memory, ConnParam.FLOW_CONTROL, parameters.getFlow_control());
        setByte(memory, ConnParam.RETRY_COUNT, parameters.getRetry_count());
        setByte(memory, ConnParam.RNR_RETRY_COUNT, parameters.getRnr_retry_count());
        setByte(memory, ConnParam.SRQ, parameters.getSrq());
        memory.set(ValueLayout.JAVA_INT, ConnParam.QP_NUM, parameters.getQp_num());
        return memory;
    }

    static void setByte(MemorySegment memory, int field, int value) {
        memory.set(ValueLayout.JAVA_BYTE, field, (byte) value);
    }
}
