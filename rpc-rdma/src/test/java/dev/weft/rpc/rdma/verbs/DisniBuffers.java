package dev.weft.rpc.rdma.verbs;

import com.ibm.disni.RdmaEndpoint;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.SVCPostRecv;
import com.ibm.disni.verbs.SVCPostSend;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedList;
import java.util.List;

/** Memory and calls of one end of an application that was written for DiSNI, which made them when it connected. */
@SuppressWarnings({"JdkObsolete", "NonApiType"}) // DiSNI wants linked lists
final class DisniBuffers {
    static final long SEND = 1;
    static final long RECEIVE = 2;
    static final long READ = 3;
    static final int DATA_BYTES = 100_000;

    private static final int MESSAGE_BYTES = 64;

    final ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE_BYTES);
    final ByteBuffer received = ByteBuffer.allocateDirect(MESSAGE_BYTES);
    final ByteBuffer data = ByteBuffer.allocateDirect(DATA_BYTES);
    final IbvMr dataRegion;

    private final RdmaEndpoint endpoint;
    private final IbvMr messageRegion;
    private final IbvMr receivedRegion;
    private final SVCPostSend send;
    private final SVCPostSend read;
    private final SVCPostRecv receive;

    DisniBuffers(RdmaEndpoint endpoint) throws IOException {
        this.endpoint = endpoint;
        messageRegion = endpoint.registerMemory(message).execute().free().getMr();
        receivedRegion = endpoint.registerMemory(received).execute().free().getMr();
        dataRegion = endpoint.registerMemory(data).execute().free().getMr();
        send = endpoint.postSend(List.of(request(SEND, IbvSendWR.IBV_WR_SEND, messageRegion)));
        read = endpoint.postSend(List.of(request(READ, IbvSendWR.IBV_WR_RDMA_READ, dataRegion)));
        var wanted = new IbvRecvWR();
        wanted.setWr_id(RECEIVE);
        wanted.setSg_list(pieces(receivedRegion));
        wanted.setNum_sge(1);
        receive = endpoint.postRecv(List.of(wanted));
        receive.execute();
    }

    private static IbvSendWR request(long wrId, int opcode, IbvMr region) {
        var request = new IbvSendWR();
        request.setWr_id(wrId);
        request.setOpcode(opcode);
        request.setSend_flags(IbvSendWR.IBV_SEND_SIGNALED);
        request.setSg_list(pieces(region));
        request.setNum_sge(1);
        return request;
    }

    private static LinkedList<IbvSge> pieces(IbvMr region) {
        var piece = new IbvSge();
        piece.setAddr(region.getAddr());
        piece.setLength(region.getLength());
        piece.setLkey(region.getLkey());
        return new LinkedList<>(List.of(piece));
    }

    void send() throws IOException {
        send.execute();
    }

    void receiveAgain() throws IOException {
        receive.execute();
    }

    void read(long address, int rkey) throws IOException {
        read.getWrMod(0).getRdmaMod().setRemote_addr(address);
        read.getWrMod(0).getRdmaMod().setRkey(rkey);
        read.execute();
    }

    void free() throws IOException {
        send.free();
        read.free();
        receive.free();
        endpoint.deregisterMemory(messageRegion);
        endpoint.deregisterMemory(receivedRegion);
        endpoint.deregisterMemory(dataRegion);
    }
}
