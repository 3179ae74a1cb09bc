/* Prints what the headers of this machine say about everything that Layouts.java has: one "Struct.FIELD value" a line. */
#include <infiniband/verbs.h>
#include <netinet/in.h>
#include <poll.h>
#include <rdma/rdma_cma.h>
#include <stddef.h>
#include <stdio.h>

#define SIZE(java, type) printf("%s.SIZE %zu\n", java, sizeof(type))
#define AT(java, type, field) printf("%s %zu\n", java, offsetof(type, field))

int main(void)
{
    AT("Context.DEVICE", struct ibv_context, device);
    AT("Context.POLL_CQ", struct ibv_context, ops.poll_cq);
    AT("Context.REQ_NOTIFY_CQ", struct ibv_context, ops.req_notify_cq);
    AT("Context.POST_SEND", struct ibv_context, ops.post_send);
    AT("Context.POST_RECV", struct ibv_context, ops.post_recv);
    AT("Context.CMD_FD", struct ibv_context, cmd_fd);
    AT("Context.ASYNC_FD", struct ibv_context, async_fd);
    AT("Context.NUM_COMP_VECTORS", struct ibv_context, num_comp_vectors);
    AT("VerbsDevice.TRANSPORT_TYPE", struct ibv_device, transport_type);
    SIZE("DeviceAttr", struct ibv_device_attr);
    AT("DeviceAttr.NODE_GUID", struct ibv_device_attr, node_guid);
    AT("DeviceAttr.MAX_MR_SIZE", struct ibv_device_attr, max_mr_size);
    AT("DeviceAttr.MAX_QP", struct ibv_device_attr, max_qp);
    AT("DeviceAttr.MAX_QP_WR", struct ibv_device_attr, max_qp_wr);
    AT("DeviceAttr.MAX_SGE", struct ibv_device_attr, max_sge);
    AT("DeviceAttr.MAX_SGE_RD", struct ibv_device_attr, max_sge_rd);
    AT("DeviceAttr.MAX_CQ", struct ibv_device_attr, max_cq);
    AT("DeviceAttr.MAX_CQE", struct ibv_device_attr, max_cqe);
    AT("DeviceAttr.MAX_MR", struct ibv_device_attr, max_mr);
    AT("DeviceAttr.MAX_QP_RD_ATOM", struct ibv_device_attr, max_qp_rd_atom);
    AT("DeviceAttr.MAX_QP_INIT_RD_ATOM", struct ibv_device_attr, max_qp_init_rd_atom);
    AT("DeviceAttr.PHYS_PORT_CNT", struct ibv_device_attr, phys_port_cnt);
    SIZE("PortAttr", struct ibv_port_attr);
    AT("PortAttr.STATE", struct ibv_port_attr, state);
    AT("PortAttr.MAX_MTU", struct ibv_port_attr, max_mtu);
    AT("PortAttr.ACTIVE_MTU", struct ibv_port_attr, active_mtu);
    AT("PortAttr.GID_TBL_LEN", struct ibv_port_attr, gid_tbl_len);
    AT("PortAttr.MAX_MSG_SZ", struct ibv_port_attr, max_msg_sz);
    AT("PortAttr.LID", struct ibv_port_attr, lid);
    AT("PortAttr.LINK_LAYER", struct ibv_port_attr, link_layer);
    AT("Pd.HANDLE", struct ibv_pd, handle);
    AT("Mr.HANDLE", struct ibv_mr, handle);
    AT("Mr.LKEY", struct ibv_mr, lkey);
    AT("Mr.RKEY", struct ibv_mr, rkey);
    AT("CompChannel.FD", struct ibv_comp_channel, fd);
    AT("Cq.HANDLE", struct ibv_cq, handle);
    AT("Cq.CQE", struct ibv_cq, cqe);
    AT("Qp.HANDLE", struct ibv_qp, handle);
    AT("Qp.QP_NUM", struct ibv_qp, qp_num);
    SIZE("QpInitAttr", struct ibv_qp_init_attr);
    AT("QpInitAttr.SEND_CQ", struct ibv_qp_init_attr, send_cq);
    AT("QpInitAttr.RECV_CQ", struct ibv_qp_init_attr, recv_cq);
    AT("QpInitAttr.MAX_SEND_WR", struct ibv_qp_init_attr, cap.max_send_wr);
    AT("QpInitAttr.MAX_RECV_WR", struct ibv_qp_init_attr, cap.max_recv_wr);
    AT("QpInitAttr.MAX_SEND_SGE", struct ibv_qp_init_attr, cap.max_send_sge);
    AT("QpInitAttr.MAX_RECV_SGE", struct ibv_qp_init_attr, cap.max_recv_sge);
    AT("QpInitAttr.MAX_INLINE_DATA", struct ibv_qp_init_attr, cap.max_inline_data);
    AT("QpInitAttr.QP_TYPE", struct ibv_qp_init_attr, qp_type);
    AT("QpInitAttr.SQ_SIG_ALL", struct ibv_qp_init_attr, sq_sig_all);
    SIZE("QpAttr", struct ibv_qp_attr);
    AT("QpAttr.QP_STATE", struct ibv_qp_attr, qp_state);
    AT("QpAttr.PATH_MTU", struct ibv_qp_attr, path_mtu);
    AT("QpAttr.SGID_INDEX", struct ibv_qp_attr, ah_attr.grh.sgid_index);
    AT("QpAttr.TRAFFIC_CLASS", struct ibv_qp_attr, ah_attr.grh.traffic_class);
    AT("QpAttr.SL", struct ibv_qp_attr, ah_attr.sl);
    AT("QpAttr.IS_GLOBAL", struct ibv_qp_attr, ah_attr.is_global);
    AT("QpAttr.PKEY_INDEX", struct ibv_qp_attr, pkey_index);
    AT("QpAttr.MAX_RD_ATOMIC", struct ibv_qp_attr, max_rd_atomic);
    AT("QpAttr.MAX_DEST_RD_ATOMIC", struct ibv_qp_attr, max_dest_rd_atomic);
    AT("QpAttr.TIMEOUT", struct ibv_qp_attr, timeout);
    AT("QpAttr.RETRY_CNT", struct ibv_qp_attr, retry_cnt);
    SIZE("Sge", struct ibv_sge);
    AT("Sge.ADDR", struct ibv_sge, addr);
    AT("Sge.LENGTH", struct ibv_sge, length);
    AT("Sge.LKEY", struct ibv_sge, lkey);
    SIZE("SendWr", struct ibv_send_wr);
    AT("SendWr.WR_ID", struct ibv_send_wr, wr_id);
    AT("SendWr.NEXT", struct ibv_send_wr, next);
    AT("SendWr.SG_LIST", struct ibv_send_wr, sg_list);
    AT("SendWr.NUM_SGE", struct ibv_send_wr, num_sge);
    AT("SendWr.OPCODE", struct ibv_send_wr, opcode);
    AT("SendWr.SEND_FLAGS", struct ibv_send_wr, send_flags);
    AT("SendWr.IMM_DATA", struct ibv_send_wr, imm_data);
    AT("SendWr.RDMA_REMOTE_ADDR", struct ibv_send_wr, wr.rdma.remote_addr);
    AT("SendWr.RDMA_RKEY", struct ibv_send_wr, wr.rdma.rkey);
    AT("SendWr.ATOMIC_REMOTE_ADDR", struct ibv_send_wr, wr.atomic.remote_addr);
    AT("SendWr.ATOMIC_COMPARE_ADD", struct ibv_send_wr, wr.atomic.compare_add);
    AT("SendWr.ATOMIC_SWAP", struct ibv_send_wr, wr.atomic.swap);
    AT("SendWr.ATOMIC_RKEY", struct ibv_send_wr, wr.atomic.rkey);
    SIZE("RecvWr", struct ibv_recv_wr);
    AT("RecvWr.WR_ID", struct ibv_recv_wr, wr_id);
    AT("RecvWr.NEXT", struct ibv_recv_wr, next);
    AT("RecvWr.SG_LIST", struct ibv_recv_wr, sg_list);
    AT("RecvWr.NUM_SGE", struct ibv_recv_wr, num_sge);
    SIZE("Wc", struct ibv_wc);
    AT("Wc.WR_ID", struct ibv_wc, wr_id);
    AT("Wc.STATUS", struct ibv_wc, status);
    AT("Wc.OPCODE", struct ibv_wc, opcode);
    AT("Wc.VENDOR_ERR", struct ibv_wc, vendor_err);
    AT("Wc.BYTE_LEN", struct ibv_wc, byte_len);
    AT("Wc.IMM_DATA", struct ibv_wc, imm_data);
    AT("Wc.QP_NUM", struct ibv_wc, qp_num);
    AT("Wc.SRC_QP", struct ibv_wc, src_qp);
    AT("Wc.WC_FLAGS", struct ibv_wc, wc_flags);
    AT("Wc.PKEY_INDEX", struct ibv_wc, pkey_index);
    AT("Wc.SLID", struct ibv_wc, slid);
    AT("Wc.SL", struct ibv_wc, sl);
    AT("Wc.DLID_PATH_BITS", struct ibv_wc, dlid_path_bits);
    SIZE("AsyncEvent", struct ibv_async_event);
    AT("AsyncEvent.ELEMENT", struct ibv_async_event, element);
    AT("AsyncEvent.EVENT_TYPE", struct ibv_async_event, event_type);
    AT("EventChannel.FD", struct rdma_event_channel, fd);
    AT("CmId.VERBS", struct rdma_cm_id, verbs);
    AT("CmId.QP", struct rdma_cm_id, qp);
    AT("CmId.SRC_ADDR", struct rdma_cm_id, route.addr.src_storage);
    AT("CmId.DST_ADDR", struct rdma_cm_id, route.addr.dst_storage);
    AT("CmId.SGID", struct rdma_cm_id, route.addr.addr.ibaddr.sgid);
    AT("CmId.PORT_NUM", struct rdma_cm_id, port_num);
    AT("CmEvent.ID", struct rdma_cm_event, id);
    AT("CmEvent.LISTEN_ID", struct rdma_cm_event, listen_id);
    AT("CmEvent.EVENT", struct rdma_cm_event, event);
    AT("CmEvent.STATUS", struct rdma_cm_event, status);
    AT("CmEvent.CONN", struct rdma_cm_event, param.conn);
    SIZE("ConnParam", struct rdma_conn_param);
    AT("ConnParam.PRIVATE_DATA", struct rdma_conn_param, private_data);
    AT("ConnParam.PRIVATE_DATA_LEN", struct rdma_conn_param, private_data_len);
    AT("ConnParam.RESPONDER_RESOURCES", struct rdma_conn_param, responder_resources);
    AT("ConnParam.INITIATOR_DEPTH", struct rdma_conn_param, initiator_depth);
    AT("ConnParam.FLOW_CONTROL", struct rdma_conn_param, flow_control);
    AT("ConnParam.RETRY_COUNT", struct rdma_conn_param, retry_count);
    AT("ConnParam.RNR_RETRY_COUNT", struct rdma_conn_param, rnr_retry_count);
    AT("ConnParam.SRQ", struct rdma_conn_param, srq);
    AT("ConnParam.QP_NUM", struct rdma_conn_param, qp_num);
    SIZE("SocketAddress", struct sockaddr_storage);
    AT("SocketAddress.FAMILY", struct sockaddr_in, sin_family);
    AT("SocketAddress.PORT", struct sockaddr_in, sin_port);
    AT("SocketAddress.IPV4", struct sockaddr_in, sin_addr);
    AT("SocketAddress.IPV6", struct sockaddr_in6, sin6_addr);
    AT("SocketAddress.IPV6_SCOPE", struct sockaddr_in6, sin6_scope_id);
    SIZE("PollFd", struct pollfd);
    AT("PollFd.FD", struct pollfd, fd);
    AT("PollFd.EVENTS", struct pollfd, events);
    return 0;
}
