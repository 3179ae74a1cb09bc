package dev.weft.rpc.rdma.ffm;

/** The functions of librdmacm. */
final class Rdmacm {
    static final NativeFunction GET_DEVICES = pointer("rdma_get_devices", 1);
    static final NativeFunction FREE_DEVICES = nothing("rdma_free_devices", 1);
    static final NativeFunction CREATE_EVENT_CHANNEL = pointer("rdma_create_event_channel", 0);
    static final NativeFunction DESTROY_EVENT_CHANNEL = nothing("rdma_destroy_event_channel", 1);
    static final NativeFunction CREATE_ID = integer("rdma_create_id", 4);
    static final NativeFunction DESTROY_ID = integer("rdma_destroy_id", 1);
    static final NativeFunction BIND_ADDR = integer("rdma_bind_addr", 2);
    static final NativeFunction LISTEN = integer("rdma_listen", 2);
    static final NativeFunction RESOLVE_ADDR = integer("rdma_resolve_addr", 4);
    static final NativeFunction RESOLVE_ROUTE = integer("rdma_resolve_route", 2);
    static final NativeFunction CREATE_QP = integer("rdma_create_qp", 3);
    static final NativeFunction DESTROY_QP = nothing("rdma_destroy_qp", 1);
    static final NativeFunction INIT_QP_ATTR = integer("rdma_init_qp_attr", 3);
    static final NativeFunction CONNECT = integer("rdma_connect", 2);
    static final NativeFunction ACCEPT = integer("rdma_accept", 2);
    static final NativeFunction REJECT = integer("rdma_reject", 3);
    static final NativeFunction ESTABLISH = integer("rdma_establish", 1);
    static final NativeFunction DISCONNECT = integer("rdma_disconnect", 1);
    static final NativeFunction GET_CM_EVENT = integer("rdma_get_cm_event", 2);
    static final NativeFunction ACK_CM_EVENT = integer("rdma_ack_cm_event", 1);
    static final NativeFunction SET_OPTION = integer("rdma_set_option", 5);

    /** Level of {@link #SET_OPTION}: the identifier itself. */
    static final int OPTION_ID = 0;

    static final int OPTION_ID_TOS = 0;
    static final int OPTION_ID_ACK_TIMEOUT = 3;

    private Rdmacm() {}

    private static NativeFunction pointer(String name, int arguments) {
        return NativeFunction.pointer(NativeLibrary.LIBRDMACM, name, arguments);
    }

    private static NativeFunction integer(String name, int arguments) {
        return NativeFunction.integer(NativeLibrary.LIBRDMACM, name, arguments);
    }

    private static NativeFunction nothing(String name, int arguments) {
        return NativeFunction.nothing(NativeLibrary.LIBRDMACM, name, arguments);
    }
}
