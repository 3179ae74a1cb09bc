package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.RdmaConnParam;
import dev.weft.rpc.rdma.ffm.Layouts.ConnParam;

/** The connection parameters of a peer, as an event has them. The private data stays where it is. */
final class PeerParams extends RdmaConnParam {
    PeerParams(long address) {
        private_data_addr = Memory.getLong(address + ConnParam.PRIVATE_DATA);
        private_data_len = Memory.getByte(address + ConnParam.PRIVATE_DATA_LEN);
        responder_resources = Memory.getByte(address + ConnParam.RESPONDER_RESOURCES);
        initiator_depth = Memory.getByte(address + ConnParam.INITIATOR_DEPTH);
        flow_control = Memory.getByte(address + ConnParam.FLOW_CONTROL);
        retry_count = Memory.getByte(address + ConnParam.RETRY_COUNT);
        rnr_retry_count = Memory.getByte(address + ConnParam.RNR_RETRY_COUNT);
        srq = Memory.getByte(address + ConnParam.SRQ);
        qp_num = Memory.getInt(address + ConnParam.QP_NUM);
    }
}
