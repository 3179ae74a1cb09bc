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

/** Verbs that write down what is sent, and that tell of each post before it is made. */
final class WatchedVerbs implements VerbsProvider {
    private final VerbsProvider verbs;
    private final List<Post> posts = new ArrayList<>();
    private BeforePost beforePost = (qp, receives) -> {};

    /** Runs on the thread that posts. */
    interface BeforePost {
        void run(IbvQP qp, boolean receives);
    }

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

    void beforePost(BeforePost task) {
        beforePost = task;
    }

    @Override
    public SendChain sendChain(IbvQP qp, int maxRequests, int maxSge) throws IOException {
        return new WatchedChain(verbs.sendChain(qp, maxRequests, maxSge), qp);
    }

    @Override
    public RecvChain recvChain(IbvQP qp, int maxRequests) throws IOException {
        return new WatchedReceives(verbs.recvChain(qp, maxRequests), qp);
    }

    private final class WatchedChain extends SendChain {
        private final SendChain chain;
        private final IbvQP qp;
        private final List<Request> requests = new ArrayList<>();

        WatchedChain(SendChain chain, IbvQP qp) {
            this.chain = chain;
            this.qp = qp;
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
            posts.add(new Post(qp.getQp_num(), List.copyOf(requests)));
            beforePost.run(qp, false);
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

    private final class WatchedReceives extends RecvChain {
        private final RecvChain chain;
        private final IbvQP qp;

        WatchedReceives(RecvChain chain, IbvQP qp) {
            this.chain = chain;
            this.qp = qp;
        }

        @Override
        public void clear() {
            chain.clear();
        }

        @Override
        public int size() {
            return chain.size();
        }

        @Override
        public void add(long wrId, long address, int length, int lkey) {
            chain.add(wrId, address, length, lkey);
        }

        @Override
        public RecvChain execute() throws IOException {
            beforePost.run(qp, true);
            chain.execute();
            return this;
        }

        @Override
        public boolean isValid() {
            return chain.isValid();
        }

        @Override
        public RecvChain free() {
            chain.free();
            return this;
        }

        @Override
        public RecvWRMod getWrMod(int index) throws IOException {
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
