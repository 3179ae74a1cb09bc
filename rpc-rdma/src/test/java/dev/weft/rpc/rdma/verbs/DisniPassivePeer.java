package dev.weft.rpc.rdma.verbs;

import com.ibm.disni.RdmaEndpoint;
import com.ibm.disni.RdmaPassiveEndpointGroup;
import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An endpoint that looks for its completions itself, and sleeps between them. */
final class DisniPassivePeer extends RdmaEndpoint implements DisniPeer {
    private static final int WAIT_MILLIS = 10_000;

    private final IbvWC[] completions = {new IbvWC()};
    private @Nullable DisniBuffers buffers;
    private @Nullable SVCPollCq poll;
    private @Nullable SVCReqNotify arm;

    DisniPassivePeer(RdmaPassiveEndpointGroup<DisniPassivePeer> group, RdmaCmId id, boolean serverSide)
            throws IOException {
        super(group, id, serverSide);
    }

    @Override
    protected synchronized void init() throws IOException {
        super.init();
        IbvCQ queue = getCqProvider().getCQ();
        poll = queue.poll(completions, 1);
        arm = queue.reqNotification(false);
        buffers = new DisniBuffers(this);
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
    public synchronized IbvWC nextCompletion() throws IOException {
        IbvCQ queue = getCqProvider().getCQ();
        SVCPollCq taking = Objects.requireNonNull(poll);
        while (taking.execute().getPolls() == 0) {
            Objects.requireNonNull(arm).execute();
            if (taking.execute().getPolls() > 0) {
                break;
            }
            if (!queue.getChannel().getCqEvent(queue, WAIT_MILLIS)) {
                throw new IOException("no completion in time");
            }
            queue.ackEvents(1);
        }
        return completions[0];
    }
}
