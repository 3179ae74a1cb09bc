package dev.weft.rpc.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** One end of a {@link ConnectedPair}, with 1 MiB of registered memory. */
public final class End implements AutoCloseable {
    public static final int MEMORY_BYTES = 1 << 20;

    private static final int QUEUE = 64;
    private static final int WAIT_MILLIS = 10_000;

    public final RdmaCmId id;
    public final IbvContext context;
    public final IbvPd pd;
    public final IbvCompChannel completions;
    public final IbvCQ queue;
    public final IbvQP qp;
    public final MemorySegment memory;
    public final IbvMr region;
    public final IbvWC wc = new IbvWC();
    public final SendChain sends;
    public final RecvChain receives;
    public final SVCPollCq poll;
    public final SVCReqNotify arm;

    private final Arena arena = Arena.ofShared();

    End(VerbsProvider provider, RdmaCmId id) throws IOException {
        this.id = id;
        context = id.getVerbs();
        pd = context.allocPd();
        completions = context.createCompChannel();
        queue = context.createCQ(completions, 2 * QUEUE, 0);
        var attributes = new IbvQPInitAttr();
        attributes.setQp_type(IbvQP.IBV_QPT_RC);
        attributes.setSend_cq(queue);
        attributes.setRecv_cq(queue);
        attributes.cap().setMax_send_wr(QUEUE);
        attributes.cap().setMax_recv_wr(QUEUE);
        attributes.cap().setMax_send_sge(4);
        attributes.cap().setMax_recv_sge(1);
        attributes.cap().setMax_inline_data(64);
        qp = id.createQP(pd, attributes);
        memory = arena.allocate(MEMORY_BYTES, 4096);
        region = provider.register(
                pd,
                memory,
                IbvMr.IBV_ACCESS_LOCAL_WRITE | IbvMr.IBV_ACCESS_REMOTE_READ | IbvMr.IBV_ACCESS_REMOTE_WRITE);
        sends = provider.sendChain(qp, QUEUE, 4);
        receives = provider.recvChain(qp, QUEUE);
        poll = queue.poll(new IbvWC[] {wc}, 1);
        arm = queue.reqNotification(false);
    }

    /** Posts one signalled request about a part of the memory. */
    public void post(int opcode, int immediate, long offset, int length, long remote, int rkey) throws IOException {
        sends.clear();
        sends.add(offset, opcode, IbvSendWR.IBV_SEND_SIGNALED, immediate, remote, rkey);
        sends.addSge(region.getAddr() + offset, length, region.getLkey());
        sends.execute();
    }

    public void receive(long offset, int length) throws IOException {
        receives.clear();
        receives.add(offset, region.getAddr() + offset, length, region.getLkey());
        receives.execute();
    }

    /** Sleeps until there is a completion, and takes it. */
    public IbvWC next() throws IOException {
        while (poll.execute().getPolls() == 0) {
            arm.execute();
            if (poll.execute().getPolls() > 0) {
                break;
            }
            assertTrue(completions.getCqEvent(queue, WAIT_MILLIS), "no completion in time");
            queue.ackEvents(1);
        }
        return wc;
    }

    public IbvWC nextGood() throws IOException {
        assertEquals(0, next().getStatus(), "IBV_WC_SUCCESS");
        return wc;
    }

    void disconnect() throws IOException {
        id.disconnect();
    }

    @Override
    public void close() throws IOException {
        sends.free();
        receives.free();
        poll.free();
        arm.free();
        id.destroyQP();
        region.deregMr().execute().free();
        queue.destroyCQ();
        completions.destroyCompChannel();
        try {
            pd.deallocPd();
        } catch (Exception e) {
            throw new IOException(e);
        }
        id.destroyId();
        arena.close();
    }
}
