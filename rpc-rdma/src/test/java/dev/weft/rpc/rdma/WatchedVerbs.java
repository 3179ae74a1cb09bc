package dev.weft.rpc.rdma;

import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaVerbs;
import dev.weft.rpc.rdma.verbs.Device;
import dev.weft.rpc.rdma.verbs.DeviceEvent;
import dev.weft.rpc.rdma.verbs.QpSettings;
import dev.weft.rpc.rdma.verbs.RecvChain;
import dev.weft.rpc.rdma.verbs.SendChain;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Verbs that write down what is posted. */
final class WatchedVerbs implements VerbsProvider {
    private final VerbsProvider verbs;
    private final List<Post> posts = new ArrayList<>();

    /** A chain that was posted. */
    record Post(int queuePair, List<Request> requests) {}

    record Request(int opcode, int flags, long remoteAddress, List<Piece> pieces) {}

    record Piece(long address, int bytes) {}

    WatchedVerbs(VerbsProvider verbs) {
        this.verbs = verbs;
    }

    /** In the order in which they were posted. */
    List<Post> posts() {
        return posts;
    }

    @Override
    public SendChain sendChain(IbvQP qp, int maxRequests, int maxSge) throws IOException {
        return new WatchedChain(verbs.sendChain(qp, maxRequests, maxSge), qp.getQp_num());
    }

    private final class WatchedChain extends SendChain {
        private final SendChain chain;
        private final int queuePair;
        private final List<Request> requests = new ArrayList<>();

        WatchedChain(SendChain chain, int queuePair) {
            this.chain = chain;
            this.queuePair = queuePair;
        }

        @Override
        public void clear() {
            chain.clear();
            requests.clear();
        }

        @Override
        public int size() {
            return chain.size();
        }

        @Override
        public void add(long wrId, int opcode, int flags, int immediate, long remoteAddress, int rkey) {
            chain.add(wrId, opcode, flags, immediate, remoteAddress, rkey);
            requests.add(new Request(opcode, flags, remoteAddress, new ArrayList<>()));
        }

        @Override
        public void addSge(long address, int length, int lkey) {
            chain.addSge(address, length, lkey);
            requests.getLast().pieces.add(new Piece(address, length));
        }

        @Override
        public SendChain execute() throws IOException {
            posts.add(new Post(queuePair, List.copyOf(requests)));
            chain.execute();
            return this;
        }

        @Override
        public boolean isValid() {
            return chain.isValid();
        }

        @Override
        public SendChain free() {
            chain.free();
            return this;
        }

        @Override
        public SendWRMod getWrMod(int index) throws IOException {
            return chain.getWrMod(index);
        }
    }

    // --- as they are

    @Override
    public String name() {
        return verbs.name();
    }

    @Override
    public RdmaVerbs verbs() {
        return verbs.verbs();
    }

    @Override
    public RdmaCm cm() {
        return verbs.cm();
    }

    @Override
    public List<Device> devices() throws IOException {
        return verbs.devices();
    }

    @Override
    public Device device(IbvContext context) throws IOException {
        return verbs.device(context);
    }

    @Override
    public IbvContext open(String deviceName) throws IOException {
        return verbs.open(deviceName);
    }

    @Override
    public void configure(RdmaCmId id, QpSettings settings) throws IOException {
        verbs.configure(id, settings);
    }

    @Override
    public void reject(RdmaCmId id, MemorySegment privateData) throws IOException {
        verbs.reject(id, privateData);
    }

    @Override
    public IbvMr register(IbvPd pd, MemorySegment memory, int access) throws IOException {
        return verbs.register(pd, memory, access);
    }

    @Override
    public RecvChain recvChain(IbvQP qp, int maxRequests) throws IOException {
        return verbs.recvChain(qp, maxRequests);
    }

    @Override
    public Subscription onEvent(IbvContext context, Consumer<DeviceEvent> listener) throws IOException {
        return verbs.onEvent(context, listener);
    }

    @Override
    public Thread thread(String name, Runnable body) {
        return verbs.thread(name, body);
    }

    @Override
    public void close() {
        verbs.close();
    }
}
