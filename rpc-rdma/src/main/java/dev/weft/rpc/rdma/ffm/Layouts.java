package dev.weft.rpc.rdma.ffm;

/**
 * Where the fields of C's structs are, in bytes from the beginning of each. They are the same on all 64-bit Linux
 * systems and part of the libraries' binary interface, so that they do not change. A test compares each of them with the
 * headers, where these are installed.
 */
final class Layouts {
    private Layouts() {}

    /** struct ibv_context. */
    static final class Context {
        static final int DEVICE = 0;
        static final int POLL_CQ = 96;
        static final int REQ_NOTIFY_CQ = 104;
        static final int POST_SEND = 208;
        static final int POST_RECV = 216;
        static final int CMD_FD = 264;
        static final int ASYNC_FD = 268;
        static final int NUM_COMP_VECTORS = 272;

        private Context() {}
    }

    /** struct ibv_device. */
    static final class VerbsDevice {
        static final int TRANSPORT_TYPE = 20;

        private VerbsDevice() {}
    }

    /** struct ibv_device_attr. */
    static final class DeviceAttr {
        static final int SIZE = 232;
        static final int FW_VER = 0;
        static final int NODE_GUID = 64;
        static final int MAX_MR_SIZE = 80;
        static final int VENDOR_ID = 96;
        static final int VENDOR_PART_ID = 100;
        static final int MAX_QP = 108;
        static final int MAX_QP_WR = 112;
        static final int MAX_SGE = 120;
        static final int MAX_SGE_RD = 124;
        static final int MAX_CQ = 128;
        static final int MAX_CQE = 132;
        static final int MAX_MR = 136;
        static final int MAX_QP_RD_ATOM = 144;
        static final int MAX_QP_INIT_RD_ATOM = 156;
        static final int ATOMIC_CAP = 164;
        static final int PHYS_PORT_CNT = 227;

        private DeviceAttr() {}
    }

    /** struct ibv_port_attr. */
    static final class PortAttr {
        static final int SIZE = 52;
        static final int STATE = 0;
        static final int MAX_MTU = 4;
        static final int ACTIVE_MTU = 8;
        static final int GID_TBL_LEN = 12;
        static final int MAX_MSG_SZ = 20;
        static final int LID = 34;
        static final int LINK_LAYER = 46;

        private PortAttr() {}
    }

    /** struct ibv_gid_entry. */
    static final class GidEntry {
        static final int SIZE = 32;
        static final int GID_INDEX = 16;
        static final int PORT_NUM = 20;

        private GidEntry() {}
    }

    /** struct ibv_pd. */
    static final class Pd {
        static final int HANDLE = 8;

        private Pd() {}
    }

    /** struct ibv_mr. */
    static final class Mr {
        static final int HANDLE = 32;
        static final int LKEY = 36;
        static final int RKEY = 40;

        private Mr() {}
    }

    /** struct ibv_comp_channel. */
    static final class CompChannel {
        static final int FD = 8;

        private CompChannel() {}
    }

    /** struct ibv_cq. */
    static final class Cq {
        static final int HANDLE = 24;
        static final int CQE = 28;

        private Cq() {}
    }

    /** struct ibv_qp. */
    static final class Qp {
        static final int HANDLE = 48;
        static final int QP_NUM = 52;

        private Qp() {}
    }

    /** struct ibv_qp_init_attr. */
    static final class QpInitAttr {
        static final int SIZE = 64;
        static final int SEND_CQ = 8;
        static final int RECV_CQ = 16;
        static final int MAX_SEND_WR = 32;
        static final int MAX_RECV_WR = 36;
        static final int MAX_SEND_SGE = 40;
        static final int MAX_RECV_SGE = 44;
        static final int MAX_INLINE_DATA = 48;
        static final int QP_TYPE = 52;
        static final int SQ_SIG_ALL = 56;

        private QpInitAttr() {}
    }

    /** struct ibv_qp_attr. */
    static final class QpAttr {
        static final int SIZE = 144;
        static final int QP_STATE = 0;
        static final int PATH_MTU = 8;
        static final int SGID_INDEX = 76;
        static final int TRAFFIC_CLASS = 78;
        static final int SL = 82;
        static final int IS_GLOBAL = 85;
        static final int PKEY_INDEX = 120;
        static final int MAX_RD_ATOMIC = 126;
        static final int MAX_DEST_RD_ATOMIC = 127;
        static final int TIMEOUT = 130;
        static final int RETRY_CNT = 131;

        private QpAttr() {}
    }

    /** struct ibv_sge. */
    static final class Sge {
        static final int SIZE = 16;
        static final int ADDR = 0;
        static final int LENGTH = 8;
        static final int LKEY = 12;

        private Sge() {}
    }

    /** struct ibv_send_wr. */
    static final class SendWr {
        static final int SIZE = 128;
        static final int WR_ID = 0;
        static final int NEXT = 8;
        static final int SG_LIST = 16;
        static final int NUM_SGE = 24;
        static final int OPCODE = 28;
        static final int SEND_FLAGS = 32;
        static final int IMM_DATA = 36;
        static final int RDMA_REMOTE_ADDR = 40;
        static final int RDMA_RKEY = 48;
        static final int ATOMIC_REMOTE_ADDR = 40;
        static final int ATOMIC_COMPARE_ADD = 48;
        static final int ATOMIC_SWAP = 56;
        static final int ATOMIC_RKEY = 64;

        private SendWr() {}
    }

    /** struct ibv_recv_wr. */
    static final class RecvWr {
        static final int SIZE = 32;
        static final int WR_ID = 0;
        static final int NEXT = 8;
        static final int SG_LIST = 16;
        static final int NUM_SGE = 24;

        private RecvWr() {}
    }

    /** struct ibv_wc. */
    static final class Wc {
        static final int SIZE = 48;
        static final int WR_ID = 0;
        static final int STATUS = 8;
        static final int OPCODE = 12;
        static final int VENDOR_ERR = 16;
        static final int BYTE_LEN = 20;
        static final int IMM_DATA = 24;
        static final int QP_NUM = 28;
        static final int SRC_QP = 32;
        static final int WC_FLAGS = 36;
        static final int PKEY_INDEX = 40;
        static final int SLID = 42;
        static final int SL = 44;
        static final int DLID_PATH_BITS = 45;

        private Wc() {}
    }

    /** struct ibv_async_event. */
    static final class AsyncEvent {
        static final int SIZE = 16;
        static final int ELEMENT = 0;
        static final int EVENT_TYPE = 8;

        private AsyncEvent() {}
    }

    /** struct rdma_event_channel. */
    static final class EventChannel {
        static final int FD = 0;

        private EventChannel() {}
    }

    /** struct rdma_cm_id. */
    static final class CmId {
        static final int VERBS = 0;
        static final int QP = 24;
        static final int SRC_ADDR = 32;
        static final int DST_ADDR = 160;
        static final int SGID = 288;
        static final int PORT_NUM = 348;

        private CmId() {}
    }

    /** struct rdma_cm_event. */
    static final class CmEvent {
        static final int ID = 0;
        static final int LISTEN_ID = 8;
        static final int EVENT = 16;
        static final int STATUS = 20;
        static final int CONN = 24;

        private CmEvent() {}
    }

    /** struct rdma_conn_param. */
    static final class ConnParam {
        static final int SIZE = 24;
        static final int PRIVATE_DATA = 0;
        static final int PRIVATE_DATA_LEN = 8;
        static final int RESPONDER_RESOURCES = 9;
        static final int INITIATOR_DEPTH = 10;
        static final int FLOW_CONTROL = 11;
        static final int RETRY_COUNT = 12;
        static final int RNR_RETRY_COUNT = 13;
        static final int SRQ = 14;
        static final int QP_NUM = 16;

        private ConnParam() {}
    }

    /** struct sockaddr_storage, sockaddr_in and sockaddr_in6. */
    static final class SocketAddress {
        static final int SIZE = 128;
        static final int FAMILY = 0;
        static final int PORT = 2;
        static final int IPV4 = 4;
        static final int IPV6 = 8;
        static final int IPV6_SCOPE = 24;

        private SocketAddress() {}
    }

    /** struct pollfd. */
    static final class PollFd {
        static final int SIZE = 8;
        static final int FD = 0;
        static final int EVENTS = 4;

        private PollFd() {}
    }
}
