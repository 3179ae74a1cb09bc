package dev.weft.rpc.rdma.libdisni;

import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.RdmaVerbs;
import dev.weft.rpc.rdma.verbs.RecvChain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;

/** Receive requests over nothing but DiSNI's own {@code postRecv}; see {@link ListSendChain}. */
final class ListRecvChain extends RecvChain {
    private final RdmaVerbs verbs;
    private final IbvQP qp;
    private final int maxRequests;
    private final List<IbvRecvWR> requests = new ArrayList<>();
    private boolean valid = true;

    ListRecvChain(RdmaVerbs verbs, IbvQP qp, int maxRequests) {
        this.verbs = verbs;
        this.qp = qp;
        this.maxRequests = maxRequests;
    }

    static IbvSge piece(long address, int length, int lkey) {
        var piece = new IbvSge();
        piece.setAddr(address);
        piece.setLength(length);
        piece.setLkey(lkey);
        return piece;
    }

    @Override
    public void clear() {
        requests.clear();
    }

    @Override
    public int size() {
        return requests.size();
    }

    @Override
    @SuppressWarnings("JdkObsolete") // DiSNI wants linked lists
    public void add(long wrId, long address, int length, int lkey) {
        if (requests.size() == maxRequests) {
            throw new IllegalStateException("there are " + maxRequests + " requests already, which is the most");
        }
        var request = new IbvRecvWR();
        request.setWr_id(wrId);
        request.setSg_list(new LinkedList<>(List.of(piece(address, length, lkey))));
        request.setNum_sge(1);
        requests.add(request);
    }

    @Override
    public ListRecvChain execute() throws IOException {
        if (!valid) {
            throw new IOException("the chain was freed");
        }
        if (!requests.isEmpty()) {
            verbs.postRecv(qp, requests, List.of()).execute().free();
        }
        return this;
    }

    @Override
    public RecvWRMod getWrMod(int index) {
        IbvRecvWR request = requests.get(index);
        return request::getWr_id;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public ListRecvChain free() {
        valid = false;
        return this;
    }
}
