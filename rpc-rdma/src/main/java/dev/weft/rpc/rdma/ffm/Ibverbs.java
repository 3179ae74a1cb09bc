package dev.weft.rpc.rdma.ffm;

import org.jspecify.annotations.Nullable;

/** The functions of libibverbs. */
final class Ibverbs {
    static final NativeFunction GET_DEVICE_NAME = pointer("ibv_get_device_name", 1);
    static final NativeFunction QUERY_DEVICE = integer("ibv_query_device", 2);
    static final NativeFunction QUERY_PORT = integer("ibv_query_port", 3);
    static final NativeFunction QUERY_GID = integer("ibv_query_gid", 4);
    static final NativeFunction ALLOC_PD = pointer("ibv_alloc_pd", 1);
    static final NativeFunction DEALLOC_PD = integer("ibv_dealloc_pd", 1);
    static final NativeFunction REG_MR = pointer("ibv_reg_mr", 4);
    static final NativeFunction DEREG_MR = integer("ibv_dereg_mr", 1);
    static final NativeFunction CREATE_COMP_CHANNEL = pointer("ibv_create_comp_channel", 1);
    static final NativeFunction DESTROY_COMP_CHANNEL = integer("ibv_destroy_comp_channel", 1);
    static final NativeFunction CREATE_CQ = pointer("ibv_create_cq", 5);
    static final NativeFunction DESTROY_CQ = integer("ibv_destroy_cq", 1);
    static final NativeFunction GET_CQ_EVENT = integer("ibv_get_cq_event", 3);
    static final NativeFunction CREATE_QP = pointer("ibv_create_qp", 2);
    static final NativeFunction MODIFY_QP = integer("ibv_modify_qp", 3);
    static final NativeFunction DESTROY_QP = integer("ibv_destroy_qp", 1);
    static final NativeFunction GET_ASYNC_EVENT = integer("ibv_get_async_event", 2);
    static final NativeFunction ACK_ASYNC_EVENT = nothing("ibv_ack_async_event", 1);

    /** Null where the library is older than that of rdma-core 32. */
    static final @Nullable NativeFunction QUERY_GID_TABLE =
            NativeLibrary.LIBIBVERBS.has("_ibv_query_gid_table") ? integer("_ibv_query_gid_table", 5) : null;

    /** {@code enum ibv_transport_type}: iWARP. */
    static final int TRANSPORT_IWARP = 1;

    private Ibverbs() {}

    private static NativeFunction pointer(String name, int arguments) {
        return NativeFunction.pointer(NativeLibrary.LIBIBVERBS, name, arguments);
    }

    private static NativeFunction integer(String name, int arguments) {
        return NativeFunction.integer(NativeLibrary.LIBIBVERBS, name, arguments);
    }

    private static NativeFunction nothing(String name, int arguments) {
        return NativeFunction.nothing(NativeLibrary.LIBIBVERBS, name, arguments);
    }
}
