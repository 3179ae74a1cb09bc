package dev.weft.rpc.rdma.verbs;

import com.ibm.disni.RdmaActiveEndpoint;
import com.ibm.disni.RdmaActiveEndpointGroup;
import com.ibm.disni.RdmaEndpoint;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaCmId;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An endpoint that DiSNI's own thread tells of completions. */
final class DisniActivePeer extends RdmaActiveEndpoint implements DisniPeer {
    private final BlockingQueue<IbvWC> completions = new LinkedBlockingQueue<>();
    private @Nullable DisniBuffers buffers;

    DisniActivePeer(RdmaActiveEndpointGroup<DisniActivePeer> group, RdmaCmId id, boolean serverSide)
            throws IOException {
        super(group, id, serverSide);
    }

    @Override
    protected synchronized void init() throws IOException {
        super.init();
        buffers = new DisniBuffers(this);
    }

    @Override
    public void dispatchCqEvent(IbvWC completion) {
        completions.add(completion.clone());
    }

    @Override
    public RdmaEndpoint endpoint() {
        return this;
    }

    @Override
    public synchronized DisniBuffers buffers() {
        return Objects.requireNonNull(buffers);
    }

    @Override
    public IbvWC nextCompletion() throws InterruptedException {
        return Objects.requireNonNull(completions.poll(10, TimeUnit.SECONDS), "no completion in time");
    }
}
