package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.IbvWC.IbvWcStatus;

/** What became of a work request: the numbers of {@code ibv_wc_status}, and two that no completion ever has. */
final class WorkStatus {
    static final int SUCCESS = number(IbvWcStatus.IBV_WC_SUCCESS);
    static final int LOCAL_LENGTH = number(IbvWcStatus.IBV_WC_LOC_LEN_ERR);
    static final int LOCAL_PROTECTION = number(IbvWcStatus.IBV_WC_LOC_PROT_ERR);
    static final int FLUSHED = number(IbvWcStatus.IBV_WC_WR_FLUSH_ERR);
    static final int REMOTE_INVALID_REQUEST = number(IbvWcStatus.IBV_WC_REM_INV_REQ_ERR);
    static final int REMOTE_ACCESS = number(IbvWcStatus.IBV_WC_REM_ACCESS_ERR);
    static final int REMOTE_OPERATION = number(IbvWcStatus.IBV_WC_REM_OP_ERR);
    static final int RETRY_EXCEEDED = number(IbvWcStatus.IBV_WC_RETRY_EXC_ERR);
    static final int RNR_RETRY_EXCEEDED = number(IbvWcStatus.IBV_WC_RNR_RETRY_EXC_ERR);

    /** The peer has no receive request posted: try again, if the queue pair may. */
    static final int NOT_READY = -1;

    /** Nobody answers: try again until the time for that is over. */
    static final int NO_ANSWER = -2;

    private WorkStatus() {}

    @SuppressWarnings("EnumOrdinal") // that is what DiSNI's enum is for
    static int number(IbvWcStatus status) {
        return status.ordinal();
    }
}
