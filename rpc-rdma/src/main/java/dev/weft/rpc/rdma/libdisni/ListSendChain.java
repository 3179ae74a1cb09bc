package dev.weft.rpc.rdma.libdisni;

import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.RdmaVerbs;
import dev.weft.rpc.rdma.verbs.SendChain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;

/**
 * A chain over nothing but DiSNI's own {@code postSend}, which makes a copy of the requests each time: it allocates. Runs
 * over any verbs.
 */
final class ListSendChain extends SendChain {
    private final RdmaVerbs verbs;
    private final IbvQP qp;
    private final int maxRequests;
    private final int maxSge;
    private final List<IbvSendWR> requests = new ArrayList<>();
    private boolean valid = true;

    ListSendChain(RdmaVerbs verbs, IbvQP qp, int maxRequests, int maxSge) {
        this.verbs = verbs;
        this.qp = qp;
        this.maxRequests = maxRequests;
        this.maxSge = maxSge;
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
    public void add(long wrId, int opcode, int flags, int immediate, long remoteAddress, int rkey) {
        if (requests.size() == maxRequests) {
            throw new IllegalStateException("there are " + maxRequests + " requests already, which is the most");
        }
        var request = new IbvSendWR();
        request.setWr_id(wrId);
        request.setOpcode(opcode);
        request.setSend_flags(flags);
        request.setImm_data(immediate);
        request.getRdma().setRemote_addr(remoteAddress);
        request.getRdma().setRkey(rkey);
        request.setSg_list(pieces());
        requests.add(request);
    }

    @SuppressWarnings({"JdkObsolete", "NonApiType"}) // DiSNI wants linked lists
    private static LinkedList<IbvSge> pieces() {
        return new LinkedList<>();
    }

    @Override
    public void addSge(long address, int length, int lkey) {
        if (requests.isEmpty()) {
            throw new IllegalStateException("there is no request yet");
        }
        IbvSendWR request = requests.getLast();
        if (request.getSg_list().size() == maxSge) {
            throw new IllegalStateException("the request has " + maxSge + " pieces already, which is the most");
        }
        request.getSg_list().add(ListRecvChain.piece(address, length, lkey));
        request.setNum_sge(request.getSg_list().size());
    }

    /**
     * Posts the requests.
     *
     * @throws IOException also if DiSNI's library does not say how many were taken
     */
    @Override
    public ListSendChain execute() throws IOException {
        if (!valid) {
            throw new IOException("the chain was freed");
        }
        if (!requests.isEmpty()) {
            verbs.postSend(qp, requests, List.of()).execute().free();
        }
        return this;
    }

    @Override
    public SendWRMod getWrMod(int index) {
        return new ListSendRequest(requests.get(index));
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public ListSendChain free() {
        valid = false;
        return this;
    }
}
