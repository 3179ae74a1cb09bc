package dev.weft.rpc.rdma.verbs;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaVerbs;
import com.ibm.disni.verbs.SVCDeregMr;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCPostRecv;
import com.ibm.disni.verbs.SVCPostSend;
import com.ibm.disni.verbs.SVCRegMr;
import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Hands each call to the verbs that the object of the call belongs to. */
final class DispatchingVerbs extends RdmaVerbs {
    private final DisniProvider provider;

    DispatchingVerbs(DisniProvider provider) {
        this.provider = provider;
    }

    @Override
    public IbvPd allocPd(IbvContext context) throws IOException {
        return provider.verbs(context).allocPd(context);
    }

    @Override
    public IbvCompChannel createCompChannel(IbvContext context) throws IOException {
        return provider.verbs(context).createCompChannel(context);
    }

    @Override
    public IbvCQ createCQ(IbvContext context, IbvCompChannel completionChannel, int entries, int vector)
            throws IOException {
        return provider.verbs(context).createCQ(context, completionChannel, entries, vector);
    }

    @Override
    public boolean getCqEvent(IbvCompChannel completionChannel, IbvCQ queue, int timeoutMillis) throws IOException {
        return provider.verbs(completionChannel).getCqEvent(completionChannel, queue, timeoutMillis);
    }

    @Override
    public SVCRegMr regMr(IbvPd pd, ByteBuffer buffer, int access) throws IOException {
        return provider.verbs(pd).regMr(pd, buffer, access);
    }

    @Override
    public SVCRegMr regMr(IbvPd pd, long address, int length, int access) throws IOException {
        return provider.verbs(pd).regMr(pd, address, length, access);
    }

    @Override
    public int queryOdpSupport(IbvContext context) throws IOException {
        return provider.verbs(context).queryOdpSupport(context);
    }

    @Override
    public int expPrefetchMr(IbvMr region, long address, int length) throws IOException {
        return provider.verbs(region).expPrefetchMr(region, address, length);
    }

    @Override
    public SVCDeregMr deregMr(IbvMr region) throws IOException {
        return provider.verbs(region).deregMr(region);
    }

    @Override
    public SVCPostSend postSend(IbvQP qp, List<IbvSendWR> requests, List<IbvSendWR> badRequests) throws IOException {
        return provider.verbs(qp).postSend(qp, requests, badRequests);
    }

    @Override
    public SVCPostRecv postRecv(IbvQP qp, List<IbvRecvWR> requests, List<IbvRecvWR> badRequests) throws IOException {
        return provider.verbs(qp).postRecv(qp, requests, badRequests);
    }

    @Override
    public SVCPollCq pollCQ(IbvCQ queue, IbvWC[] completions, int count) throws IOException {
        return provider.verbs(queue).pollCQ(queue, completions, count);
    }

    @Override
    public SVCReqNotify reqNotifyCQ(IbvCQ queue, boolean solicitedOnly) throws IOException {
        return provider.verbs(queue).reqNotifyCQ(queue, solicitedOnly);
    }

    @Override
    public int ackCqEvents(IbvCQ queue, int count) throws IOException {
        return provider.verbs(queue).ackCqEvents(queue, count);
    }

    @Override
    public int destroyCompChannel(IbvCompChannel completionChannel) throws IOException {
        return provider.verbs(completionChannel).destroyCompChannel(completionChannel);
    }

    @Override
    public int deallocPd(IbvPd pd) throws IOException {
        return provider.verbs(pd).deallocPd(pd);
    }

    @Override
    public int destroyCQ(IbvCQ queue) throws IOException {
        return provider.verbs(queue).destroyCQ(queue);
    }
}
