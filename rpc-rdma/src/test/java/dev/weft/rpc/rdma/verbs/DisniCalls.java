package dev.weft.rpc.rdma.verbs;

import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.SVCPostRecv;
import com.ibm.disni.verbs.SVCPostSend;
import java.io.IOException;
import java.util.LinkedList;
import java.util.List;

/** The calls of an application that was written for DiSNI: made once, changed and executed again. */
final class DisniCalls {
    private final VerbsEnd client;
    private final VerbsEnd server;
    private final SVCPostSend send;
    private final SVCPostSend read;
    private final SVCPostRecv receive;

    DisniCalls(VerbsEnd client, VerbsEnd server) throws IOException {
        this.client = client;
        this.server = server;
        send = client.qp.postSend(List.of(sendRequest(client, IbvSendWR.IBV_WR_SEND)), null);
        read = client.qp.postSend(List.of(sendRequest(client, IbvSendWR.IBV_WR_RDMA_READ)), null);
        IbvRecvWR request = new IbvRecvWR();
        request.setWr_id(77);
        request.setSg_list(pieces(server));
        request.setNum_sge(1);
        receive = server.qp.postRecv(List.of(request), null);
    }

    private static IbvSendWR sendRequest(VerbsEnd end, int opcode) {
        IbvSendWR request = new IbvSendWR();
        request.setOpcode(opcode);
        request.setSend_flags(IbvSendWR.IBV_SEND_SIGNALED);
        request.setSg_list(pieces(end));
        request.setNum_sge(1);
        return request;
    }

    @SuppressWarnings({"NonApiType", "JdkObsolete"}) // DiSNI wants it
    private static LinkedList<IbvSge> pieces(VerbsEnd end) {
        IbvSge piece = new IbvSge();
        piece.setAddr(end.address(0));
        piece.setLength(100);
        piece.setLkey(end.region.getLkey());
        return new LinkedList<>(List.of(piece));
    }

    void sendAndReceive(long wrId, String text) throws IOException {
        client.fill(200, text);
        receive.execute();
        send.getWrMod(0).setWr_id(wrId);
        send.getWrMod(0).getSgeMod(0).setAddr(client.address(200));
        send.getWrMod(0).getSgeMod(0).setLength(50);
        send.execute();
        client.success(wrId);
        server.success(77);
    }

    void readFrom(VerbsEnd peer, long from, long to, String text) throws IOException {
        peer.fill(from, text);
        read.getWrMod(0).setWr_id(1234);
        read.getWrMod(0).getRdmaMod().setRemote_addr(peer.address(from));
        read.getWrMod(0).getRdmaMod().setRkey(peer.region.getRkey());
        read.getWrMod(0).getSgeMod(0).setAddr(client.address(to));
        read.execute();
        client.success(1234);
    }

    boolean isValid() {
        return send.isValid() || read.isValid() || receive.isValid();
    }

    void free() throws IOException {
        send.free();
        read.free();
        receive.free();
    }
}
